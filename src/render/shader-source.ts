import { LEAST_KEPT_SHARE, NEAREST_BIAS } from "./sampling.ts";

/** What the texture of a frame holds. */
export type TextureKind = "unsigned" | "signed" | "float" | "rgb";

/** What makes one shader differ from another. */
export interface ShaderVariant {
  readonly texture: TextureKind;
  readonly isTiled: boolean;
  readonly hasPalette: boolean;
  readonly hasModalityTable: boolean;
  readonly curve: "linear" | "sigmoid" | "threshold" | "table";
}

/** Width of the textures that hold tables; entry i is at (i mod 256, i / 256). */
export const TABLE_WIDTH = 256;

/** In float textures, padding and what is not a number lie below this. */
export const FLOAT_PADDING = -1e38;

/** One triangle over the whole viewport. */
export const VERTEX_SHADER = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

const SAMPLER: Readonly<Record<TextureKind, string>> = {
  unsigned: "usampler2DArray",
  signed: "isampler2DArray",
  float: "sampler2DArray",
  rgb: "sampler2DArray",
};

/** The fragment shader of a variant: the maths of `sampling.ts` and `grey-curve.ts`, word by word. */
export function fragmentShader(variant: ShaderVariant): string {
  const isColor = variant.texture === "rgb" || variant.hasPalette;
  return `#version 300 es
precision highp float;
precision highp int;
precision highp ${SAMPLER[variant.texture]};
uniform ${SAMPLER[variant.texture]} frame;
uniform vec2 corner;
uniform vec4 turn;
uniform vec2 origin;
uniform vec2 footprint;
uniform ivec2 size;
uniform ivec3 tile;
uniform vec2 padding;
uniform highp sampler2D table;
uniform highp sampler2D curveTable;
uniform ivec2 tableRange;
uniform int curveLast;
uniform vec2 curve;
uniform bool inverted;
out vec4 color;

${addressFunction(variant.isTiled)}
vec4 entry(highp sampler2D entries, int index) {
  return texelFetch(entries, ivec2(index % ${TABLE_WIDTH}, index / ${TABLE_WIDTH}), 0);
}
${isColor ? colorFunctions(variant) : greyFunctions(variant)}
void main() {
  vec2 at = vec2(gl_FragCoord.x - corner.x, corner.y - gl_FragCoord.y);
  vec2 point = vec2(dot(turn.xz, at), dot(turn.yw, at)) + origin;
  vec2 nearest = clamp(floor(point + ${NEAREST_BIAS}), vec2(0.0), vec2(size - 1));
  bvec2 isNearest = equal(footprint, vec2(0.0));
  vec2 low = mix(max(point - 0.5 * footprint, vec2(0.0)), nearest, vec2(isNearest));
  vec2 high = mix(min(point + 0.5 * footprint, vec2(size)), nearest + 1.0, vec2(isNearest));
  ivec2 first = ivec2(floor(low));
  ivec2 end = min(ivec2(ceil(high)), size);
  ${isColor ? "vec3" : "float"} sum = ${isColor ? "vec3(0.0)" : "0.0"};
  float kept = 0.0;
  float total = 0.0;
  for (int y = first.y; y < end.y; y += 1) {
    float down = min(high.y, float(y + 1)) - max(low.y, float(y));
    for (int x = first.x; x < end.x; x += 1) {
      float weight = down * (min(high.x, float(x + 1)) - max(low.x, float(x)));
      add(x, y, weight, sum, kept);
      total += weight;
    }
  }
  color = kept < ${LEAST_KEPT_SHARE} * total ? vec4(0.0, 0.0, 0.0, 1.0) : shown(sum / kept);
}`;
}

/** Frames beyond the largest texture lie in layers of one array texture, `tile` = width, height, tiles across. */
function addressFunction(isTiled: boolean): string {
  return isTiled
    ? `ivec3 address(int x, int y) {
  return ivec3(x % tile.x, y % tile.y, (y / tile.y) * tile.z + x / tile.x);
}`
    : "ivec3 address(int x, int y) { return ivec3(x, y, 0); }";
}

function greyFunctions({ texture, hasModalityTable, curve }: ShaderVariant): string {
  const isKept =
    texture === "float"
      ? `value > ${FLOAT_PADDING.toExponential()}`
      : "value < padding.x || value > padding.y";
  const value = hasModalityTable
    ? "entry(table, clamp(int(value) - tableRange.x, 0, tableRange.y)).r"
    : "value";
  return `void add(int x, int y, float weight, inout float sum, inout float kept) {
  float value = float(texelFetch(frame, address(x, y), 0).r);
  if (${isKept}) {
    sum += weight * ${value};
    kept += weight;
  }
}
float grey(float x) {
  ${CURVES[curve]}
}
vec4 shown(float x) {
  float level = inverted ? 1.0 - grey(x) : grey(x);
  return vec4(vec3(floor(level * 255.0 + 0.5) / 255.0), 1.0);
}`;
}

/** `curve` is middle and scale, or for a table scale and offset. */
const CURVES: Readonly<Record<ShaderVariant["curve"], string>> = {
  linear: "return clamp((x - curve.x) * curve.y + 0.5, 0.0, 1.0);",
  sigmoid: "return 1.0 / (1.0 + exp(-4.0 * (x - curve.x) * curve.y));",
  threshold: "return (x - curve.x) * curve.y > 0.0 ? 1.0 : 0.0;",
  table: "return entry(curveTable, clamp(int(floor(x * curve.x + curve.y)), 0, curveLast)).r;",
};

function colorFunctions({ hasPalette }: ShaderVariant): string {
  const value = hasPalette
    ? "entry(table, clamp(int(texelFetch(frame, address(x, y), 0).r) - tableRange.x, 0, tableRange.y)).rgb"
    : "texelFetch(frame, address(x, y), 0).rgb";
  return `void add(int x, int y, float weight, inout vec3 sum, inout float kept) {
  sum += weight * ${value};
  kept += weight;
}
vec4 shown(vec3 rgb) {
  return vec4(floor(rgb * 255.0 + 0.5) / 255.0, 1.0);
}`;
}
