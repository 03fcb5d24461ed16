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
  /** Absent for a plain image, whose shader knows nothing of them. */
  readonly extras?: ShaderExtras;
}

/** What an image has beyond values, window and polarity. */
export interface ShaderExtras {
  readonly hasMask: boolean;
  readonly hasPresentationLut: boolean;
  readonly hasSupplementalPalette: boolean;
  readonly hasPseudoColor: boolean;
  readonly hasCube: boolean;
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
export function plainFragmentShader(variant: ShaderVariant): string {
  const isColor = isColorVariant(variant);
  return `${shaderHead(variant)}
${isColor ? colorFunctions(variant) : greyFunctions(variant)}
void main() {
${FOOTPRINT}
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

/** Whether every pixel of a variant is a colour. */
export function isColorVariant({ texture, hasPalette }: ShaderVariant): boolean {
  return texture === "rgb" || hasPalette;
}

/** What every fragment shader begins with: its uniforms, and how a pixel of the frame and an entry of a table are found. */
export function shaderHead({ texture, isTiled }: ShaderVariant): string {
  return `#version 300 es
precision highp float;
precision highp int;
precision highp ${SAMPLER[texture]};
uniform ${SAMPLER[texture]} frame;
uniform vec2 corner;
uniform vec4 turn;
uniform vec2 origin;
uniform vec2 footprint;
uniform ivec2 size;
uniform ivec3 tile;
uniform vec2 padding;
uniform highp sampler2D table;
uniform highp sampler2D curveTable;
uniform vec2 tableRange;
uniform float curveLast;
uniform vec2 curve;
uniform bool inverted;
out vec4 color;

${addressFunction(isTiled)}
vec4 entry(highp sampler2D entries, int index) {
  return texelFetch(entries, ivec2(index % ${TABLE_WIDTH}, index / ${TABLE_WIDTH}), 0);
}
int tablePlace(float value) {
  return int(clamp(value - tableRange.x, 0.0, tableRange.y));
}`;
}

/** The rectangle of the image below a canvas pixel, from `low` to `high`, and the pixels from `first` to `end` that it touches. */
export const FOOTPRINT = `  vec2 at = vec2(gl_FragCoord.x - corner.x, corner.y - gl_FragCoord.y);
  vec2 point = vec2(dot(turn.xz, at), dot(turn.yw, at)) + origin;
  vec2 nearest = clamp(floor(point + ${NEAREST_BIAS}), vec2(0.0), vec2(size - 1));
  bvec2 isNearest = equal(footprint, vec2(0.0));
  vec2 low = mix(max(point - 0.5 * footprint, vec2(0.0)), nearest, vec2(isNearest));
  vec2 high = mix(min(point + 0.5 * footprint, vec2(size)), nearest + 1.0, vec2(isNearest));
  ivec2 first = ivec2(floor(low));
  ivec2 end = min(ivec2(ceil(high)), size);`;

/** Frames beyond the largest texture lie in layers of one array texture, `tile` = width, height, tiles across. */
function addressFunction(isTiled: boolean): string {
  return isTiled
    ? `ivec3 address(int x, int y) {
  return ivec3(x % tile.x, y % tile.y, (y / tile.y) * tile.z + x / tile.x);
}`
    : "ivec3 address(int x, int y) { return ivec3(x, y, 0); }";
}

function greyFunctions(variant: ShaderVariant): string {
  return `void add(int x, int y, float weight, inout float sum, inout float kept) {
  float value = float(texelFetch(frame, address(x, y), 0).r);
  if (${keptCondition(variant)}) {
    sum += weight * ${greyExpression(variant)};
    kept += weight;
  }
}
${greyFunction(variant)}
vec4 shown(float x) {
  float level = inverted ? 1.0 - grey(x) : grey(x);
  return vec4(vec3(floor(level * 255.0 + 0.5) / 255.0), 1.0);
}`;
}

/** Whether `value`, a sample of a grey frame, is image. */
export function keptCondition({ texture }: ShaderVariant): string {
  return texture === "float"
    ? `value > ${FLOAT_PADDING.toExponential()}`
    : "value < padding.x || value > padding.y";
}

/** What is averaged of `value`, a sample of a grey frame. */
export function greyExpression({ hasModalityTable }: ShaderVariant): string {
  return hasModalityTable ? "entry(table, tablePlace(value)).r" : "value";
}

/** From an average to the output of the VOI LUT. */
export function greyFunction({ curve }: ShaderVariant): string {
  return `float grey(float x) {
  ${CURVES[curve]}
}`;
}

/** `curve` is middle and scale, or for a table scale and offset. */
const CURVES: Readonly<Record<ShaderVariant["curve"], string>> = {
  linear: "return clamp((x - curve.x) * curve.y + 0.5, 0.0, 1.0);",
  sigmoid: "return 1.0 / (1.0 + exp(-4.0 * (x - curve.x) * curve.y));",
  threshold: "return (x - curve.x) * curve.y > 0.0 ? 1.0 : 0.0;",
  table: "return entry(curveTable, int(clamp(x * curve.x + curve.y, 0.0, curveLast))).r;",
};

function colorFunctions(variant: ShaderVariant): string {
  return `void add(int x, int y, float weight, inout vec3 sum, inout float kept) {
  sum += weight * ${colorExpression(variant)};
  kept += weight;
}
vec4 shown(vec3 rgb) {
  return vec4(floor(rgb * 255.0 + 0.5) / 255.0, 1.0);
}`;
}

/** The colour of the pixel (x, y) of a coloured frame. */
export function colorExpression({ hasPalette }: ShaderVariant): string {
  return hasPalette
    ? "entry(table, tablePlace(float(texelFetch(frame, address(x, y), 0).r))).rgb"
    : "texelFetch(frame, address(x, y), 0).rgb";
}
