import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { DataSet } from "#core/dicom/data-set.ts";
import { isUsable, readMultiplexGroups } from "#core/waveform/read-waveform.ts";
import type { MultiplexGroup, UnusableGroup } from "#core/waveform/waveform.ts";
import {
  readWaveformAnnotations,
  type WaveformAnnotation,
} from "#core/waveform/waveform-annotation.ts";
import { controlStyles } from "../../control-styles.ts";
import "../../icon/negato-icon.ts";
import type { RetrieveValue } from "../document-bytes.ts";
import { DARK_PAPER, LIGHT_PAPER } from "./draw-sheet.ts";
import "./negato-trace-sheet.ts";
import { toolsAboveStyles } from "../tools-above-styles.ts";
import { durationOf, formatsOf, type Sheet, sheetOf, type TraceFormat } from "./trace-layout.ts";
import { millivoltsPer, type TraceData, type TraceScale, traceScale } from "./trace-scale.ts";
import { annotationLists, marksOf } from "./waveform-annotations.ts";
import { loadTraces } from "./waveform-loader.ts";
import { waveformStyles } from "./waveform-styles.ts";
import { formatWords, groupFacts, groupWords } from "./waveform-words.ts";

const SPEEDS = [12.5, 25, 50];
const GAINS = [5, 10, 20];
/** CSS pixels per mm where the whole sheet does not fit. */
const LEAST_PIXELS_PER_MM = 2;
const CSS_PIXELS_PER_MM = 96 / 25.4;
const ZOOM_STEP = 1.25;

type Traces =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly data: TraceData }
  | { readonly kind: "failed"; readonly message: string };

/**
 * Curves over time on grid paper: an ECG in the usual formats, anything else one channel under another. Paper speed,
 * gain, zoom, time, caliper, and what is noted about the recording.
 */
@customElement("negato-waveform")
export class NegatoWaveform extends LitElement {
  static override readonly styles = [controlStyles, toolsAboveStyles, waveformStyles];

  @property({ attribute: false }) dataSet: DataSet | undefined;
  @property({ attribute: false }) retrieve: RetrieveValue | undefined;
  @state() private traces: Traces = { kind: "loading" };
  @state() private groupIndex = 0;
  @state() private format: TraceFormat = "rows";
  @state() private speed = 25;
  @state() private gain = 10;
  @state() private startSeconds = 0;
  @state() private isDark = false;
  @state() private isMeasuring = false;
  @state() private showsMarks = false;
  /** CSS pixels per mm; undefined fits the width. */
  @state() private chosenZoom: number | undefined;
  @state() private availableWidth = 0;
  @query(".scroll") private scroller!: HTMLElement | null;
  #groups: readonly (MultiplexGroup | UnusableGroup)[] = [];
  #annotations: readonly WaveformAnnotation[] = [];
  #laidOut: { readonly key: string; readonly sheet: Sheet } | undefined;
  #scales: { readonly key: string; readonly scales: readonly TraceScale[] } | undefined;
  #abort = new AbortController();
  readonly #resized = new ResizeObserver(([entry]) => {
    this.availableWidth = entry?.contentRect.width ?? 0;
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort.abort();
    this.#resized.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("dataSet")) return;
    const { dataSet } = this;
    this.#groups = dataSet === undefined ? [] : readMultiplexGroups(dataSet);
    this.#annotations = dataSet === undefined ? [] : readWaveformAnnotations(dataSet);
    this.#openGroup(Math.max(this.#groups.findIndex(isUsable), 0));
  }

  protected override updated(): void {
    if (this.scroller !== null) this.#resized.observe(this.scroller);
  }

  protected override render(): TemplateResult {
    const group = this.#groups[this.groupIndex];
    if (group === undefined || !isUsable(group))
      return html`<p class="problem" role="alert">
        <negato-icon name="triangle-alert"></negato-icon>
        ${group === undefined ? msg("The object holds no recording.") : groupWords(group)}
      </p>`;
    return html`${this.#tools(group)}
      <div class="scroll">${this.#traces(group)}${this.#lists(group)}</div>`;
  }

  #traces(group: MultiplexGroup): TemplateResult {
    const { traces } = this;
    if (traces.kind === "loading")
      return html`<p class="note" role="status">${msg("Loading the recording …")}</p>`;
    if (traces.kind === "failed")
      return html`<div class="note">
        <p class="problem" role="alert">
          <negato-icon name="triangle-alert"></negato-icon>${traces.message}
        </p>
        <button class="button" type="button" @click=${() => this.#openGroup(this.groupIndex)}>
          ${msg("Try again")}
        </button>
      </div>`;
    const sheet = this.#sheet(group);
    return html`<p class="facts">
        ${groupFacts(group)} ·
        ${msg(str`${this.speed} mm/s`)}${hasVoltage(group) ? ` · ${msg(str`${this.gain} mm/mV`)}` : ""}
        ${furtherChannels(group, sheet)}
        <span class="soft"
          >${msg("Sizes on screens are not calibrated: the grid is the scale (small square 1 mm, large 5 mm).")}</span
        >
      </p>
      <negato-trace-sheet
        .sheet=${sheet}
        .data=${traces.data}
        .scales=${this.#scalesOf(traces.data, sheet)}
        .marks=${this.showsMarks ? marksOf(this.#annotations, group) : NO_MARKS}
        .colours=${this.isDark ? DARK_PAPER : LIGHT_PAPER}
        .pixelsPerMm=${this.#zoom(sheet)}
        .speed=${this.speed}
        .gain=${this.gain}
        label=${msg(str`${groupWords(group)}, ${group.channels.length} channels`)}
        ?measuring=${this.isMeasuring}
      ></negato-trace-sheet>`;
  }

  #tools(group: MultiplexGroup): TemplateResult {
    const formats = formatsOf(group);
    return html`<div class="tools" role="toolbar" aria-label=${msg("Recording")}>
      ${
        this.#groups.length > 1
          ? choice(
              msg("Recording"),
              this.#groups.map((one, at) => [String(at), groupWords(one), !isUsable(one)]),
              String(this.groupIndex),
              (value) => this.#openGroup(Number(value)),
            )
          : nothing
      }
      ${
        formats.length > 1
          ? choice(
              msg("Format"),
              formats.map((format) => [format, formatWords(format)]),
              this.format,
              (value) => {
                this.format = formats.find((format) => format === value) ?? "rows";
              },
            )
          : nothing
      }
      ${choice(
        msg("Speed"),
        SPEEDS.map((speed) => [String(speed), msg(str`${speed} mm/s`)]),
        String(this.speed),
        (value) => {
          this.speed = Number(value);
        },
      )}
      ${
        hasVoltage(group)
          ? choice(
              msg("Gain"),
              GAINS.map((gain) => [String(gain), msg(str`${gain} mm/mV`)]),
              String(this.gain),
              (value) => {
                this.gain = Number(value);
              },
            )
          : nothing
      }
      ${this.#zoomTools(group)} ${this.#timeTools(group)}
      ${toggle(msg("Dark paper"), this.isDark, (isOn) => {
        this.isDark = isOn;
      })}
      ${toggle(
        msg("Measure by touch"),
        this.isMeasuring,
        (isOn) => {
          this.isMeasuring = isOn;
        },
        "touch",
      )}
      ${
        marksOf(this.#annotations, group).length > 0
          ? toggle(msg("Marks"), this.showsMarks, (isOn) => {
              this.showsMarks = isOn;
            })
          : nothing
      }
    </div>`;
  }

  #zoomTools(group: MultiplexGroup): TemplateResult {
    const by = (factor: number): void => {
      const zoom = this.#zoom(this.#sheet(group)) * factor;
      this.chosenZoom = Math.min(Math.max(zoom, 1), 24);
    };
    return html`<button
        class="button icon-only"
        type="button"
        aria-label=${msg("Smaller")}
        @click=${() => by(1 / ZOOM_STEP)}
      >
        <negato-icon name="zoom-out"></negato-icon>
      </button>
      <button
        class="button icon-only"
        type="button"
        aria-label=${msg("Larger")}
        @click=${() => by(ZOOM_STEP)}
      >
        <negato-icon name="zoom-in"></negato-icon>
      </button>
      <button
        class="button"
        type="button"
        aria-pressed=${this.chosenZoom === undefined}
        @click=${() => {
          this.chosenZoom = undefined;
        }}
      >
        ${msg("Fit")}
      </button>`;
  }

  /** Where in a long recording the sheet begins. */
  #timeTools(group: MultiplexGroup): TemplateResult | typeof nothing {
    const { seconds } = this.#sheet(group);
    const last = Math.max(durationOf(group) - seconds, 0);
    if (last < 0.01) return nothing;
    return html`<label class="time"
      >${msg("From")}
      <input
        type="range"
        min="0"
        max=${last}
        step=${seconds / 10}
        .value=${String(this.startSeconds)}
        aria-valuetext=${msg(str`${this.startSeconds.toFixed(1)} seconds`)}
        @input=${(event: Event) => {
          if (event.target instanceof HTMLInputElement)
            this.startSeconds = event.target.valueAsNumber;
        }}
      />
      <span>${this.startSeconds.toFixed(1)} s</span></label
    >`;
  }

  #lists(group: MultiplexGroup): TemplateResult {
    return annotationLists(this.#annotations, group, this.#groups);
  }

  /** The same sheet until another one is wanted, so that a caliper on it stays. */
  #sheet(group: MultiplexGroup): Sheet {
    const { format, speed, startSeconds } = this;
    const key = [group.number, format, speed, startSeconds].join(" ");
    if (this.#laidOut?.key !== key)
      this.#laidOut = { key, sheet: sheetOf(group, { format, speed, startSeconds }) };
    return this.#laidOut.sheet;
  }

  /** Scales are found once: for what is no voltage the whole recording is looked through. */
  #scalesOf(data: TraceData, sheet: Sheet): readonly TraceScale[] {
    const height = sheet.strips[0]?.height ?? 20;
    const key = `${data.group.number} ${this.gain} ${height}`;
    if (this.#scales?.key !== key) {
      const scales = data.group.channels.map((_, at) => traceScale(data, at, this.gain, height));
      this.#scales = { key, scales };
    }
    return this.#scales.scales;
  }

  #zoom({ width }: Sheet): number {
    if (this.chosenZoom !== undefined) return this.chosenZoom;
    const fitting = this.availableWidth / width;
    return Math.min(Math.max(fitting, LEAST_PIXELS_PER_MM), CSS_PIXELS_PER_MM * 1.6);
  }

  #openGroup(index: number): void {
    this.#abort.abort();
    this.groupIndex = index;
    this.startSeconds = 0;
    this.#scales = undefined;
    this.#laidOut = undefined;
    const group = this.#groups[index];
    if (group === undefined || !isUsable(group)) return;
    this.format = formatsOf(group)[0] ?? "rows";
    void this.#load(group);
  }

  async #load(group: MultiplexGroup): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.traces = { kind: "loading" };
    try {
      const { dataSet, retrieve } = this;
      if (dataSet === undefined || retrieve === undefined) return;
      const data = await loadTraces(dataSet, group, retrieve, abort.signal);
      if (!abort.signal.aborted) this.traces = { kind: "ready", data };
    } catch (error) {
      const message = error instanceof Error ? error.message : msg("It could not be loaded.");
      if (!abort.signal.aborted) this.traces = { kind: "failed", message };
    }
  }
}

const NO_MARKS: readonly number[] = [];

/** Channels that have no place in a print of twelve leads are named, with where they are seen. */
function furtherChannels(
  { channels }: MultiplexGroup,
  { strips }: Sheet,
): TemplateResult | typeof nothing {
  const shown = new Set(strips.map(({ channelIndex }) => channelIndex));
  const names = channels.filter((_, index) => !shown.has(index)).map(({ lead }) => lead);
  if (names.length === 0) return nothing;
  const list = names.join(", ");
  const format = formatWords("rows");
  return html`<strong class="further">${msg(str`Not in this format: ${list}. See “${format}”.`)}</strong>`;
}

function hasVoltage({ channels }: MultiplexGroup): boolean {
  return channels.some(({ unit }) => millivoltsPer(unit) !== undefined);
}

function choice(
  label: string,
  options: readonly (readonly [value: string, text: string, isDisabled?: boolean])[],
  chosen: string,
  choose: (value: string) => void,
): TemplateResult {
  return html`<label
    ><span class="visually-hidden">${label}</span
    ><select
      @change=${(event: Event) => {
        if (event.target instanceof HTMLSelectElement) choose(event.target.value);
      }}
    >
      ${options.map(
        ([value, text, isDisabled = false]) =>
          html`<option value=${value} ?selected=${value === chosen} ?disabled=${isDisabled}>${text}</option>`,
      )}
    </select></label
  >`;
}

function toggle(
  label: string,
  isOn: boolean,
  set: (isOn: boolean) => void,
  name = "",
): TemplateResult {
  return html`<button
    class="button ${name}"
    type="button"
    aria-pressed=${isOn}
    @click=${() => set(!isOn)}
  >
    ${label}
  </button>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-waveform": NegatoWaveform;
  }
}
