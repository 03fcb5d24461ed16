import { boxAround, type Raster } from "./raster.ts";
import { clamp, mix, type Point } from "./solids.ts";

/** A round cone between two places: a piece of a vessel, an airway or a long bone; mm. */
export interface TubePiece {
  readonly from: Point;
  readonly to: Point;
  readonly radiusFrom: number;
  readonly radiusTo: number;
}

/** Pieces along a smooth line through places, each of which gives x, y, z and radius. */
export function tubeThrough(
  stations: readonly (readonly [x: number, y: number, z: number, radius: number])[],
  piecesPerSpan = 5,
): readonly TubePiece[] {
  const pieces: TubePiece[] = [];
  for (let span = 0; span + 1 < stations.length; span++) {
    for (let part = 0; part < piecesPerSpan; part++) {
      const [x0, y0, z0, r0] = alongSpline(stations, span + part / piecesPerSpan);
      const [x1, y1, z1, r1] = alongSpline(stations, span + (part + 1) / piecesPerSpan);
      pieces.push({ from: [x0, y0, z0], to: [x1, y1, z1], radiusFrom: r0, radiusTo: r1 });
    }
  }
  return pieces;
}

type Station = readonly [number, number, number, number];

/** A Catmull-Rom spline at `at`, in spans from the first station. */
function alongSpline(stations: readonly Station[], at: number): Station {
  const span = Math.min(stations.length - 2, Math.floor(at));
  const t = at - span;
  const none: Station = [0, 0, 0, 0];
  const b = stations[span] ?? none;
  const c = stations[span + 1] ?? b;
  const a = stations[span - 1] ?? b;
  const d = stations[span + 2] ?? c;
  const value = (axis: 0 | 1 | 2 | 3) =>
    0.5 *
    (2 * b[axis] +
      t *
        (c[axis] -
          a[axis] +
          t *
            (2 * a[axis] -
              5 * b[axis] +
              4 * c[axis] -
              d[axis] +
              t * (3 * (b[axis] - c[axis]) + d[axis] - a[axis]))));
  return [value(0), value(1), value(2), value(3)];
}

/** Tube pieces that can be asked for those near a plane of constant z. */
export class TubeSet {
  readonly pieces: readonly TubePiece[];
  readonly #byLayer = new Map<number, TubePiece[]>();

  constructor(pieces: readonly TubePiece[]) {
    this.pieces = pieces;
    for (const piece of pieces) {
      const reach = Math.max(piece.radiusFrom, piece.radiusTo) + MARGIN;
      const low = Math.floor((Math.min(piece.from[2], piece.to[2]) - reach) / LAYER);
      const high = Math.floor((Math.max(piece.from[2], piece.to[2]) + reach) / LAYER);
      for (let layer = low; layer <= high; layer++) {
        const found = this.#byLayer.get(layer);
        if (found === undefined) this.#byLayer.set(layer, [piece]);
        else found.push(piece);
      }
    }
  }

  /** The pieces that may touch the plane, and perhaps a few more. */
  near(z: number): readonly TubePiece[] {
    return this.#byLayer.get(Math.floor(z / LAYER)) ?? [];
  }
}

/** Height of the layers that pieces are sorted into, and how far beyond its radius a piece is felt; mm. */
const LAYER = 4;
const MARGIN = 3;

/** How a set of tubes is painted. */
export interface TubePaint {
  readonly z: number;
  /** Thickness of the slice that is averaged, mm. */
  readonly thickness: number;
  /** Value inside, or undefined to leave what is there beyond `growMm`. */
  readonly value: number;
  /** Added to the radius, mm. */
  readonly growMm?: number;
  /** Radius below which pieces are left out, mm. */
  readonly thinnest?: number;
}

/** Paints tubes as a slice of some thickness shows them: thin ones that cross it are fainter. */
export function paintTubes(raster: Raster, tubes: TubeSet, paint: TubePaint): void {
  const grow = paint.growMm ?? 0;
  const half = paint.thickness * 0.35;
  for (const piece of tubes.near(paint.z)) {
    const widest = Math.max(piece.radiusFrom, piece.radiusTo);
    if (widest < (paint.thinnest ?? 0)) continue;
    paintPiece(raster, piece, paint, grow, half);
  }
}

function paintPiece(
  raster: Raster,
  piece: TubePiece,
  paint: TubePaint,
  grow: number,
  half: number,
): void {
  const [ax, ay, az] = piece.from;
  const dx = piece.to[0] - ax;
  const dy = piece.to[1] - ay;
  const dz = piece.to[2] - az;
  const lengthSquared = dx * dx + dy * dy + dz * dz || 1;
  const pz = paint.z - az;
  const widest = Math.max(piece.radiusFrom, piece.radiusTo) + grow;
  const dilution = Math.min(1, (2 * widest + 0.6) / paint.thickness);
  const distance = (x: number, y: number) => {
    const px = x - ax;
    const py = y - ay;
    const t = clamp((px * dx + py * dy + pz * dz) / lengthSquared, 0, 1);
    const away = Math.max(0, Math.abs(pz - t * dz) - half);
    const flat = (px - t * dx) ** 2 + (py - t * dy) ** 2;
    return Math.sqrt(flat + away * away) - mix(piece.radiusFrom, piece.radiusTo, t) - grow;
  };
  const box = boxAround(
    ax + dx / 2,
    ay + dy / 2,
    Math.abs(dx) / 2 + widest,
    Math.abs(dy) / 2 + widest,
  );
  if (dilution >= 1) raster.paint(box, distance, paint.value);
  else raster.lighten(box, distance, paint.value, dilution);
}
