/** Pieces that are shorter are copied together: as views they would hold far more memory than they show. */
const SMALL_BYTES = 4096;
/** Blocks that they are copied into: the first of an object is small, as whole objects may be. */
const FIRST_BLOCK_BYTES = 1024;
const BLOCK_BYTES = 16 * 1024;

/** Adds pieces to lists, long ones as they are, short ones copied one behind the other. */
export class SmallPieces {
  #block: Uint8Array<ArrayBuffer> | undefined;
  #used = 0;
  /** List that ends with a piece that grows in the block. */
  #grows: Uint8Array<ArrayBuffer>[] | undefined;
  #start = 0;

  add(pieces: Uint8Array<ArrayBuffer>[], piece: Uint8Array<ArrayBuffer>): void {
    if (piece.byteLength >= SMALL_BYTES) {
      this.#grows = undefined;
      pieces.push(piece);
      return;
    }
    if (this.#block === undefined || this.#used + piece.byteLength > this.#block.byteLength) {
      const isFirst = this.#block === undefined && piece.byteLength <= FIRST_BLOCK_BYTES;
      this.#block = new Uint8Array(isFirst ? FIRST_BLOCK_BYTES : BLOCK_BYTES);
      this.#used = 0;
      this.#grows = undefined;
    }
    this.#block.set(piece, this.#used);
    const isGrowing = this.#grows === pieces;
    if (!isGrowing) this.#start = this.#used;
    this.#used += piece.byteLength;
    const grown = this.#block.subarray(this.#start, this.#used);
    if (isGrowing) pieces[pieces.length - 1] = grown;
    else pieces.push(grown);
    this.#grows = pieces;
  }
}
