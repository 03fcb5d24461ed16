import { msg, str } from "@lit/localize";
import type { PresentationLayer } from "#core/study/presentation-graphics.ts";

/** What the lines of a layer are, for those who cannot see them: `Layer LESION: 2 lines, 1 ellipse, 3 points`. */
export function layerText({ name, description, graphics }: PresentationLayer): string {
  const count = (kind: string): number => graphics.filter((one) => one.kind === kind).length;
  const parts = [
    counted(count("path"), msg("1 line"), (n) => msg(str`${n} lines`)),
    counted(count("ellipse"), msg("1 ellipse"), (n) => msg(str`${n} ellipses`)),
    counted(count("point"), msg("1 point"), (n) => msg(str`${n} points`)),
    counted(count("text"), msg("1 text"), (n) => msg(str`${n} texts`)),
  ].filter((part) => part !== "");
  return `${layerName({ name, description })}: ${parts.join(", ")}`;
}

/** What a layer is called; layers without a name are called so. */
export function layerName({
  name,
  description,
}: Pick<PresentationLayer, "name" | "description">): string {
  const title = name.trim() === "" ? msg("Layer without a name") : msg(str`Layer ${name}`);
  return description.trim() === "" ? title : `${title} (${description})`;
}

function counted(count: number, one: string, many: (count: string) => string): string {
  if (count === 0) return "";
  return count === 1 ? one : many(count.toLocaleString());
}
