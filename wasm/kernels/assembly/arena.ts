/** First free byte of the memory; everything from here on belongs to the frame that is being decoded. */
let top: usize = 0;

/** Gives bytes, 16-aligned, with whatever the last frame left in them; 0 when the memory may not grow so far. */
export function take(bytes: usize): usize {
  const start = (top + 15) & ~15;
  const end = start + bytes;
  if (end < start) return 0;
  const missing = <isize>end - <isize>((<usize>memory.size()) << 16);
  if (missing > 0 && memory.grow(<i32>((missing + 0xffff) >>> 16)) < 0) return 0;
  top = end;
  return start;
}

/** Forgets the last frame and gives room for the encoded bytes of the next one; 0 when there is none. */
export function reserveInput(bytes: u32): usize {
  top = __heap_base;
  return take(<usize>bytes);
}
