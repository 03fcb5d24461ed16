import { STANDARD_LEADS } from "#core/waveform/ecg-lead.ts";
import type { MultiplexGroup } from "#core/waveform/waveform.ts";

/** How the leads are put on the sheet: columns of three with a rhythm strip, two columns of six, or one under another. */
export type TraceFormat = "3x4" | "6x2" | "rows";

/** A stretch of one channel on the sheet. Times in seconds after the begin of the group, lengths in mm of paper. */
export interface Strip {
  readonly channelIndex: number;
  readonly fromSeconds: number;
  readonly seconds: number;
  /** Left edge, and the line of the channel's middle. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isFirstOfRow: boolean;
}

/** A sheet of grid paper, mm. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly strips: readonly Strip[];
  /** How much of the recording it shows, s. */
  readonly seconds: number;
}

/** What decides what is on a sheet. */
export interface SheetOptions {
  readonly format: TraceFormat;
  /** Paper speed, mm/s. */
  readonly speed: number;
  /** Where in the recording it begins, s. */
  readonly startSeconds: number;
}

/** Room at the left for the calibration pulse and at the other edges, mm; whole big squares of the grid. */
export const LEFT_MARGIN = 15;
const RIGHT_MARGIN = 5;
const TOP_MARGIN = 5;

/** A print shows ten seconds. */
const SHEET_SECONDS = 10;
const ROW_HEIGHTS: Readonly<Record<TraceFormat, number>> = { "3x4": 30, "6x2": 25, rows: 20 };
const COLUMNS: Readonly<Record<"3x4" | "6x2", readonly (readonly number[])[]>> = {
  "3x4": [
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
    [9, 10, 11],
  ],
  "6x2": [
    [0, 1, 2, 3, 4, 5],
    [6, 7, 8, 9, 10, 11],
  ],
};
const RHYTHM_LEAD = "II";

/** Formats that suit a group: those of a 12-lead ECG need all of its leads. */
export function formatsOf(group: MultiplexGroup): readonly TraceFormat[] {
  return leadIndices(group) === undefined ? ["rows"] : ["3x4", "6x2", "rows"];
}

/** What is drawn where. Columns show one stretch after another, or the same one where the recording is too short. */
export function sheetOf(group: MultiplexGroup, options: SheetOptions): Sheet {
  const leads = leadIndices(group);
  if (options.format === "rows" || leads === undefined) return rowsSheet(group, options);
  return columnsSheet(group, leads, options.format, options);
}

/** Seconds of the recording. */
export function durationOf({ sampleCount, samplesPerSecond }: MultiplexGroup): number {
  return sampleCount / samplesPerSecond;
}

/** Channel indices of the twelve leads in the order of a print; undefined unless all are there. */
function leadIndices({ channels }: MultiplexGroup): readonly number[] | undefined {
  const indices = STANDARD_LEADS.map((lead) => channels.findIndex((one) => one.lead === lead));
  return indices.includes(-1) ? undefined : indices;
}

function rowsSheet(group: MultiplexGroup, { speed, startSeconds }: SheetOptions): Sheet {
  const height = ROW_HEIGHTS.rows;
  const seconds = Math.min(SHEET_SECONDS, durationOf(group));
  const order = leadIndices(group) ?? group.channels.map((_, index) => index);
  const all = [...order, ...group.channels.keys()].filter(
    (index, at, list) => list.indexOf(index) === at,
  );
  return {
    width: LEFT_MARGIN + seconds * speed + RIGHT_MARGIN,
    height: TOP_MARGIN * 2 + all.length * height,
    seconds,
    strips: all.map((channelIndex, row) => ({
      channelIndex,
      fromSeconds: startSeconds,
      seconds,
      x: LEFT_MARGIN,
      y: TOP_MARGIN + (row + 0.5) * height,
      width: seconds * speed,
      height,
      isFirstOfRow: true,
    })),
  };
}

function columnsSheet(
  group: MultiplexGroup,
  leads: readonly number[],
  format: "3x4" | "6x2",
  { speed, startSeconds }: SheetOptions,
): Sheet {
  const columns = COLUMNS[format];
  const height = ROW_HEIGHTS[format];
  const duration = durationOf(group);
  const perColumn = Math.min(SHEET_SECONDS / columns.length, duration);
  const areConsecutive = duration >= perColumn * columns.length;
  const width = perColumn * speed;
  const strips: Strip[] = columns.flatMap((column, at) =>
    column.map((lead, row) => ({
      channelIndex: leads[lead] ?? 0,
      fromSeconds: startSeconds + (areConsecutive ? at * perColumn : 0),
      seconds: perColumn,
      x: LEFT_MARGIN + at * width,
      y: TOP_MARGIN + (row + 0.5) * height,
      width,
      height,
      isFirstOfRow: at === 0,
    })),
  );
  const rows = columns[0]?.length ?? 0;
  const rhythm = group.channels.findIndex(({ lead }) => lead === RHYTHM_LEAD);
  const whole = areConsecutive ? perColumn * columns.length : perColumn;
  if (format === "3x4")
    strips.push({
      channelIndex: rhythm,
      fromSeconds: startSeconds,
      seconds: whole,
      x: LEFT_MARGIN,
      y: TOP_MARGIN + (rows + 0.5) * height,
      width: whole * speed,
      height,
      isFirstOfRow: true,
    });
  return {
    width: LEFT_MARGIN + width * columns.length + RIGHT_MARGIN,
    height: TOP_MARGIN * 2 + (format === "3x4" ? rows + 1 : rows) * height,
    seconds: whole,
    strips,
  };
}
