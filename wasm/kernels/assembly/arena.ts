/** Bytes after the encoded ones that may be read, so that whole words and vectors can be. */
const INPUT_SLACK: usize = 160;

/** First free byte of the memory; from the end of the static data to here belongs to the frame in work. */
let top: usize = 0;

/** Gives bytes, 16-aligned, with whatever the last frame left in them; 0 when the memory may not grow so far. */
export function take(bytes: u64): usize {
  const start = (<u64>top + 15) & ~15;
  const end = start + bytes;
  if (end > 0xffff0000) return 0;
  const missing = <i64>end - ((<i64>memory.size()) << 16);
  if (missing > 0 && memory.grow(<i32>((missing + 0xffff) >> 16)) < 0) return 0;
  top = <usize>end;
  return <usize>start;
}

/** Forgets the last frame and gives room for the encoded bytes of the next one; 0 when there is none. */
export function reserveInput(bytes: u32): usize {
  top = __heap_base;
  const start = take(<u64>bytes + INPUT_SLACK);
  if (start !== 0) memory.fill(start + bytes, 0, INPUT_SLACK);
  return start;
}
