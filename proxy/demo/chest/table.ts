import { Raster, type RasterGrid } from "../phantom/raster.ts";

/**
 * The table the patient lies on, in air, Hounsfield units: two shells of carbon fibre with foam between, and a
 * mattress. `sink` is how far below its usual place it stands, mm.
 */
export function tableInAir(grid: RasterGrid, sink: number): Float32Array {
  const raster = new Raster(grid);
  raster.samples.fill(-1000);
  const across = { left: -400, right: 400, top: 80, bottom: 260 };
  const arc = (x: number) => 128 + sink - (x / 31) ** 2 * 0.62;
  const slope = (x: number) => 1 / Math.sqrt(1 + (x / 775) ** 2);
  raster.paint(across, (x, y) => (Math.abs(y - arc(x) + 8) - 1.2) * slope(x), -870);
  raster.paint(across, (x, y) => (Math.abs(y - arc(x) - 7) - 7) * slope(x), -945);
  raster.paint(across, (x, y) => (Math.abs(y - arc(x)) - 1.1) * slope(x), 240);
  raster.paint(
    across,
    (x, y) => (Math.abs(y - arc(x) - 15 + (x / 60) ** 2 * 0.5) - 1.1) * slope(x),
    -240,
  );
  return raster.samples;
}
