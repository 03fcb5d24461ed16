import { ENTRY_BIAS } from "#core/pixels/presentation-lut.ts";
import { LEAST_KEPT_SHARE } from "./sampling.ts";
import {
  colorExpression,
  FOOTPRINT,
  greyExpression,
  greyFunction,
  isColorVariant,
  keptCondition,
  type ShaderExtras,
  type ShaderVariant,
  shaderHead,
} from "./shader-source.ts";

/**
 * The fragment shader of an image with extras: the maths of `extras-painter.ts` and `pixel-mask.ts`. Grey and coloured pixels
 * are summed apart, each become colours of the screen, and are joined with those of the mask by their shares.
 */
export function extrasFragmentShader(variant: ShaderVariant, extras: ShaderExtras): string {
  return `${shaderHead(variant)}
uniform highp usampler2DArray mask;
uniform highp sampler2D maskColors;
uniform highp sampler2D presentationTable;
uniform int presentationLast;
uniform highp sampler2D supplementalTable;
uniform vec2 supplementalRange;
uniform highp sampler2D pseudoTable;
uniform int pseudoLast;
uniform highp sampler3D cube;

struct Sums {
  float grey;
  float greyPart;
  vec3 color;
  float colorPart;
  float open;
};

int nearestEntry(float value, int last) {
  return min(int(floor(value * float(last) + ${0.5 + ENTRY_BIAS})), last);
}
${addFunction(variant, extras)}
${isColorVariant(variant) ? "" : greyToScreen(variant, extras)}
${extras.hasCube ? CUBE : "vec3 throughCube(vec3 rgb) { return rgb; }"}
${extras.hasMask ? COVER : "vec4 cover(vec2 point, vec2 nearest) { return vec4(0.0); }"}

void main() {
${FOOTPRINT}
  Sums sums = Sums(0.0, 0.0, vec3(0.0), 0.0, 0.0);
  for (int y = first.y; y < end.y; y += 1) {
    float down = min(high.y, float(y + 1)) - max(low.y, float(y));
    for (int x = first.x; x < end.x; x += 1)
      add(x, y, down * (min(high.x, float(x + 1)) - max(low.x, float(x))), sums);
  }
  float kept = sums.greyPart + sums.colorPart;
  vec3 image = vec3(0.0);
  if (kept > 0.0 && kept >= ${LEAST_KEPT_SHARE} * sums.open) {
    ${isColorVariant(variant) ? "" : "if (sums.greyPart > 0.0) image += sums.greyPart * toScreen(sums.grey / sums.greyPart);"}
    if (sums.colorPart > 0.0) image += sums.colorPart * throughCube(sums.color / sums.colorPart);
    image /= kept;
  }
  vec4 over = cover(point, nearest);
  color = vec4(floor((over.rgb + (1.0 - over.a) * image) * 255.0 + 0.5) / 255.0, 1.0);
}`;
}

function addFunction(variant: ShaderVariant, extras: ShaderExtras): string {
  const isOpen = extras.hasMask ? "if (texelFetch(mask, address(x, y), 0).r > 0u) return;" : "";
  const supplemental = extras.hasSupplementalPalette
    ? `if (value >= supplementalRange.x) {
    float place = min(value - supplementalRange.x, supplementalRange.y);
    sums.color += weight * entry(supplementalTable, int(place)).rgb;
    sums.colorPart += weight;
    return;
  }`
    : "";
  const body = isColorVariant(variant)
    ? `sums.color += weight * ${colorExpression(variant)};
  sums.colorPart += weight;`
    : `float value = float(texelFetch(frame, address(x, y), 0).r);
  if (!(${keptCondition(variant)})) return;
  ${supplemental}
  sums.grey += weight * ${greyExpression(variant)};
  sums.greyPart += weight;`;
  return `void add(int x, int y, float weight, inout Sums sums) {
  ${isOpen}
  sums.open += weight;
  ${body}
}`;
}

function greyToScreen(
  variant: ShaderVariant,
  { hasPresentationLut, hasPseudoColor }: ShaderExtras,
): string {
  return `${greyFunction(variant)}
vec3 toScreen(float x) {
  float level = grey(x);
  ${hasPresentationLut ? "level = entry(presentationTable, nearestEntry(level, presentationLast)).r;" : ""}
  if (inverted) level = 1.0 - level;
  return ${hasPseudoColor ? "entry(pseudoTable, nearestEntry(level, pseudoLast)).rgb" : "vec3(level)"};
}`;
}

/** By hand, as filtering by the hardware knows only 256 places between two points. */
const CUBE = `vec3 throughCube(vec3 rgb) {
  ivec3 last = textureSize(cube, 0) - 1;
  vec3 place = clamp(rgb.bgr, 0.0, 1.0) * vec3(last);
  ivec3 below = min(ivec3(floor(place)), last - 1);
  vec3 beyond = place - vec3(below);
  vec3 sum = vec3(0.0);
  for (int corner = 0; corner < 8; corner += 1) {
    ivec3 step = ivec3(corner & 1, (corner >> 1) & 1, corner >> 2);
    vec3 shares = mix(1.0 - beyond, beyond, vec3(step));
    sum += shares.x * shares.y * shares.z * texelFetch(cube, below + step, 0).rgb;
  }
  return sum;
}`;

/** The colours of the mask in a canvas pixel by their share, and that share. */
const COVER = `vec4 cover(vec2 point, vec2 nearest) {
  vec2 isSharp = vec2(lessThanEqual(footprint, vec2(1.0)));
  vec2 low = mix(max(point - 0.5 * footprint, vec2(0.0)), nearest, isSharp);
  vec2 high = mix(min(point + 0.5 * footprint, vec2(size)), nearest + 1.0, isSharp);
  ivec2 first = ivec2(floor(low));
  ivec2 end = min(ivec2(ceil(high)), size);
  vec4 sum = vec4(0.0);
  float total = 0.0;
  for (int y = first.y; y < end.y; y += 1)
    for (int x = first.x; x < end.x; x += 1) {
      float down = min(high.y, float(y + 1)) - max(low.y, float(y));
      float weight = down * (min(high.x, float(x + 1)) - max(low.x, float(x)));
      int place = int(texelFetch(mask, address(x, y), 0).r);
      if (place > 0) sum += weight * vec4(entry(maskColors, place - 1).rgb, 1.0);
      total += weight;
    }
  return sum / total;
}`;
