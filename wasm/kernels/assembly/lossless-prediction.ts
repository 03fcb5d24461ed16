/**
 * Prediction of lossless coding (T.81 H.1.2.1, figure H.1). A row holds unsigned samples of 16 bits, those of the
 * components of a scan interleaved; `stride` is the bytes from a sample to the next one of its component.
 */
export abstract class Prediction {
  /** First row of a scan or restart interval: from the sample to the left (T.81 H.1.2.1), starting from `initial`. */
  static firstRow(row: usize, bytes: usize, stride: usize, initial: u32): void {
    for (let at: usize = 0; at < stride; at += 2)
      store<u16>(row + at, <u16>(load<u16>(row + at) + initial));
    Prediction.fromLeft(row, bytes, stride);
  }

  /** Turns the differences in `row` into samples by the selection value, 1 to 7; `above` is the row before. */
  static nextRow(selection: i32, row: usize, above: usize, bytes: usize, stride: usize): void {
    // The first sample of a row is predicted from the one above it.
    for (let at: usize = 0; at < stride; at += 2)
      store<u16>(row + at, <u16>(load<u16>(row + at) + load<u16>(above + at)));
    switch (selection) {
      case 1:
        Prediction.fromLeft(row, bytes, stride);
        break;
      case 2:
        Prediction.fromAbove(row, above, bytes, stride);
        break;
      case 3:
        Prediction.fromDiagonal(row, above, bytes, stride);
        break;
      case 4:
        Prediction.fromNeighbours(4, row, above, bytes, stride);
        break;
      case 5:
        Prediction.fromNeighbours(5, row, above, bytes, stride);
        break;
      case 6:
        Prediction.fromNeighbours(6, row, above, bytes, stride);
        break;
      default:
        Prediction.fromNeighbours(7, row, above, bytes, stride);
    }
  }

  /** Selection value 1: Ra. */
  private static fromLeft(row: usize, bytes: usize, stride: usize): void {
    const end = row + bytes;
    if (stride === 2) {
      let left = <u32>load<u16>(row);
      for (let at = row + 2; at < end; at += 2) {
        left += <u32>load<u16>(at);
        store<u16>(at, <u16>left);
      }
      return;
    }
    for (let at = row + stride; at < end; at += 2)
      store<u16>(at, <u16>(load<u16>(at) + load<u16>(at - stride)));
  }

  /** Selection value 2: Rb, eight samples at a time. Rows have room for whole vectors. */
  private static fromAbove(row: usize, above: usize, bytes: usize, stride: usize): void {
    for (let at = stride; at < bytes; at += 16)
      v128.store(row + at, i16x8.add(v128.load(row + at), v128.load(above + at)));
  }

  /** Selection value 3: Rc, eight samples at a time. */
  private static fromDiagonal(row: usize, above: usize, bytes: usize, stride: usize): void {
    for (let at = stride; at < bytes; at += 16)
      v128.store(row + at, i16x8.add(v128.load(row + at), v128.load(above + at - stride)));
  }

  /** Selection values 4 to 7; called with a literal, each becomes a loop of its own. */
  @inline private static fromNeighbours(
    selection: i32,
    row: usize,
    above: usize,
    bytes: usize,
    stride: usize,
  ): void {
    if (stride === 2) {
      let left = <i32>load<u16>(row);
      let diagonal = <i32>load<u16>(above);
      for (let at: usize = 2; at < bytes; at += 2) {
        const over = <i32>load<u16>(above + at);
        const difference = <i32>load<u16>(row + at);
        left = (difference + Prediction.predict(selection, left, over, diagonal)) & 0xffff;
        store<u16>(row + at, <u16>left);
        diagonal = over;
      }
      return;
    }
    for (let at = stride; at < bytes; at += 2) {
      const left = <i32>load<u16>(row + at - stride);
      const over = <i32>load<u16>(above + at);
      const diagonal = <i32>load<u16>(above + at - stride);
      const predicted = Prediction.predict(selection, left, over, diagonal);
      store<u16>(row + at, <u16>(<i32>load<u16>(row + at) + predicted));
    }
  }

  /** Px of T.81 table H.1; halves are rounded down, as by an arithmetic shift. */
  @inline private static predict(selection: i32, left: i32, over: i32, diagonal: i32): i32 {
    if (selection === 4) return left + over - diagonal;
    if (selection === 5) return left + ((over - diagonal) >> 1);
    if (selection === 6) return over + ((left - diagonal) >> 1);
    return (left + over) >> 1;
  }
}
