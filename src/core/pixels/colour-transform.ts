/**
 * The way from the colours of an image to those of an sRGB screen, as an ICC profile (PS3.3 C.11.15) gives it: a cube
 * of colours, between which is interpolated linearly in three directions.
 */
export interface ColourTransform {
  /** Points along an edge of the cube, 2 to 65. */
  readonly points: number;
  /** Red, green, blue, 0 to 255, of points³ colours; red varies slowest, blue fastest. */
  readonly colors: Uint8Array<ArrayBuffer>;
}
