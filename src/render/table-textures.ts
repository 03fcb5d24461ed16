import type { ColourTransform } from "#core/pixels/colour-transform.ts";
import type { LookupTable } from "#core/pixels/lookup-table.ts";
import { TABLE_WIDTH } from "./shader-source.ts";

/** How many tables stay on the graphics processor; an image uses six at most. */
const MOST_TABLES = 12;

/** Tables as textures of 256 entries a row, kept by the identity of the table; the least recently used go first. */
export class TableTextures {
  readonly #gl: WebGL2RenderingContext;
  readonly #textures = new Map<object, WebGLTexture>();

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** Binds the entries of a modality LUT to a texture unit, as floats. */
  bindModality(unit: number, { entries }: LookupTable): void {
    this.#bindFloats(unit, entries, entries, 1);
  }

  /** Binds the entries of a VOI LUT or presentation LUT to a texture unit, as greys from 0 to 1. */
  bindGreys(unit: number, lut: LookupTable): void {
    this.#bindFloats(unit, lut, lut.entries, 2 ** lut.bits - 1);
  }

  /** Binds colours, red, green, blue, 0 to 255, to a texture unit. */
  bindColors(unit: number, colors: Uint8Array<ArrayBuffer>): void {
    if (this.#bindKnown(unit, colors)) return;
    const gl = this.#gl;
    const rows = Math.ceil(colors.length / 3 / TABLE_WIDTH);
    const bytes = new Uint8Array(rows * TABLE_WIDTH * 3);
    bytes.set(colors);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, TABLE_WIDTH, rows, 0, gl.RGB, gl.UNSIGNED_BYTE, bytes);
  }

  /** Binds the cube of a transform to a texture unit: blue across, green down, red in depth. */
  bindCube(unit: number, { points, colors }: ColourTransform): void {
    const gl = this.#gl;
    if (this.#bindKnown(unit, colors, gl.TEXTURE_3D)) return;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage3D(
      gl.TEXTURE_3D,
      0,
      gl.RGB8,
      points,
      points,
      points,
      0,
      gl.RGB,
      gl.UNSIGNED_BYTE,
      colors,
    );
  }

  dispose(): void {
    for (const texture of this.#textures.values()) this.#gl.deleteTexture(texture);
    this.#textures.clear();
  }

  #bindFloats(unit: number, key: object, entries: Uint16Array, divisor: number): void {
    if (this.#bindKnown(unit, key)) return;
    const gl = this.#gl;
    const rows = Math.ceil(entries.length / TABLE_WIDTH);
    const floats = new Float32Array(rows * TABLE_WIDTH);
    for (let index = 0; index < entries.length; index += 1)
      floats[index] = (entries[index] ?? 0) / divisor;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, TABLE_WIDTH, rows, 0, gl.RED, gl.FLOAT, floats);
  }

  /** Binds the texture of a key, and says whether it has its entries already. */
  #bindKnown(unit: number, key: object, target: number = this.#gl.TEXTURE_2D): boolean {
    const gl = this.#gl;
    const known = this.#textures.get(key);
    const texture = known ?? gl.createTexture();
    this.#textures.delete(key);
    this.#textures.set(key, texture);
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(target, texture);
    if (known !== undefined) return true;
    gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    this.#dropOldest();
    return false;
  }

  #dropOldest(): void {
    for (const [key, texture] of this.#textures) {
      if (this.#textures.size <= MOST_TABLES) return;
      this.#textures.delete(key);
      this.#gl.deleteTexture(texture);
    }
  }
}
