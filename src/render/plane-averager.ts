import type { Samples } from "#core/pixels/decoded-frame.ts";
import { Resampler } from "./resample.ts";
import type { Sampling } from "./sampling.ts";

type Numbers = Float32Array<ArrayBuffer>;

/** Averages planes of frames to one sampling; weights and memory are kept from one frame to the next. */
export class PlaneAverager {
  readonly #sampling: Sampling;
  readonly #resamplers = new Map<number, Resampler>();
  readonly #rooms = new Map<string, Numbers>();

  constructor(sampling: Sampling) {
    this.#sampling = sampling;
  }

  /** The averages of a plane; good until the plane of the same name is averaged again. */
  average(name: string, samples: Samples, channels: 1 | 3): Numbers {
    const resampler = this.#resamplers.get(channels) ?? new Resampler(this.#sampling, channels);
    this.#resamplers.set(channels, resampler);
    const values = this.#rooms.get(name) ?? resampler.room();
    this.#rooms.set(name, values);
    resampler.resample({ samples, channels, base: 0 }, values);
    return values;
  }
}
