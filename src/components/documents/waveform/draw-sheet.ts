import { decodeSamples } from "#core/waveform/decode-samples.ts";
import { LEFT_MARGIN, type Sheet, type Strip } from "./trace-layout.ts";
import type { TraceData, TraceScale } from "./trace-scale.ts";

/** Colours of grid paper. */
export interface PaperColours {
  readonly ground: string;
  readonly fine: string;
  readonly coarse: string;
  readonly trace: string;
  readonly mark: string;
}

export const LIGHT_PAPER: PaperColours = {
  ground: "#fffaf8",
  fine: "#f7d9d3",
  coarse: "#e8a99d",
  trace: "#101010",
  mark: "#3056a8",
};

export const DARK_PAPER: PaperColours = {
  ground: "#0c0c0c",
  fine: "#232323",
  coarse: "#444444",
  trace: "#f0f0f0",
  mark: "#8fb4ff",
};

/** What is drawn, and how large. */
export interface SheetDrawing {
  readonly sheet: Sheet;
  readonly data: TraceData;
  readonly scales: readonly TraceScale[];
  /** Paper speed, mm/s; gain of voltages, mm/mV. */
  readonly speed: number;
  readonly gain: number;
  /** Device pixels per mm of paper. */
  readonly pixelsPerMm: number;
  readonly colours: PaperColours;
  /** Moments that are marked, s after the begin of the group. */
  readonly marks: readonly number[];
}

/** Below this a millimetre grid is a haze. */
const FINE_GRID_PIXELS = 2.4;

/** Draws a sheet onto a canvas of its size: grid, calibration pulses, names and traces. */
export function drawSheet(context: CanvasRenderingContext2D, drawing: SheetDrawing): void {
  const { sheet, colours, pixelsPerMm } = drawing;
  context.setTransform(pixelsPerMm, 0, 0, pixelsPerMm, 0, 0);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, sheet.width, sheet.height);
  drawGrid(context, drawing);
  for (const strip of sheet.strips) {
    drawMarks(context, drawing, strip);
    drawFrame(context, drawing, strip);
    drawTrace(context, drawing, strip);
  }
}

function drawGrid(
  context: CanvasRenderingContext2D,
  { sheet, colours, pixelsPerMm }: SheetDrawing,
): void {
  const lines = (step: number, colour: string, width: number): void => {
    context.beginPath();
    for (let x = 0; x <= sheet.width; x += step) {
      context.moveTo(x, 0);
      context.lineTo(x, sheet.height);
    }
    for (let y = 0; y <= sheet.height; y += step) {
      context.moveTo(0, y);
      context.lineTo(sheet.width, y);
    }
    context.strokeStyle = colour;
    context.lineWidth = width / pixelsPerMm;
    context.stroke();
  };
  if (pixelsPerMm >= FINE_GRID_PIXELS) lines(1, colours.fine, 1);
  lines(5, colours.coarse, pixelsPerMm >= 5 ? 1.5 : 1);
}

/** Name of the lead, the border between columns, and 1 mV for 0.2 s at the begin of a row. */
function drawFrame(
  context: CanvasRenderingContext2D,
  { data, scales, gain, speed, colours, pixelsPerMm }: SheetDrawing,
  strip: Strip,
): void {
  const channel = data.group.channels[strip.channelIndex];
  const scale = scales[strip.channelIndex];
  if (channel === undefined || scale === undefined) return;
  context.strokeStyle = colours.trace;
  context.fillStyle = colours.trace;
  context.lineWidth = Math.max(1.2 / pixelsPerMm, 0.2);
  context.beginPath();
  if (!strip.isFirstOfRow) {
    context.moveTo(strip.x, strip.y - 4);
    context.lineTo(strip.x, strip.y - 1.5);
    context.moveTo(strip.x, strip.y + 1.5);
    context.lineTo(strip.x, strip.y + 4);
  } else if (scale.mvPerUnit !== undefined) {
    const width = 0.2 * speed;
    const left = LEFT_MARGIN - width - 4;
    context.moveTo(left - 1, strip.y);
    context.lineTo(left, strip.y);
    context.lineTo(left, strip.y - gain);
    context.lineTo(left + width, strip.y - gain);
    context.lineTo(left + width, strip.y);
    context.lineTo(left + width + 1, strip.y);
  }
  context.stroke();
  const perTen = 10 / scale.mmPerUnit;
  const text =
    scale.mvPerUnit === undefined
      ? `${channel.lead} (10 mm = ${Number(perTen.toPrecision(3))} ${channel.unit})`
      : channel.lead;
  const size = Math.max(3, 11 / pixelsPerMm);
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.lineWidth = 3 / pixelsPerMm;
  context.strokeStyle = colours.ground;
  const baseline = strip.y - strip.height / 2 + size + 1;
  context.strokeText(text, strip.x + 1, baseline);
  context.fillText(text, strip.x + 1, baseline);
}

function drawMarks(
  context: CanvasRenderingContext2D,
  { marks, speed, colours, pixelsPerMm }: SheetDrawing,
  strip: Strip,
): void {
  context.beginPath();
  for (const at of marks) {
    const seconds = at - strip.fromSeconds;
    if (seconds < 0 || seconds > strip.seconds) continue;
    const x = strip.x + seconds * speed;
    context.moveTo(x, strip.y - strip.height / 2);
    context.lineTo(x, strip.y + strip.height / 2);
  }
  context.strokeStyle = colours.mark;
  context.lineWidth = 1 / pixelsPerMm;
  context.setLineDash([3 / pixelsPerMm, 3 / pixelsPerMm]);
  context.stroke();
  context.setLineDash([]);
}

function drawTrace(
  context: CanvasRenderingContext2D,
  { data, scales, speed, colours, pixelsPerMm, sheet }: SheetDrawing,
  strip: Strip,
): void {
  const { group, bytes, littleEndian } = data;
  const scale = scales[strip.channelIndex];
  const channel = group.channels[strip.channelIndex];
  if (scale === undefined || channel === undefined) return;
  const from = Math.max(
    Math.ceil((strip.fromSeconds - channel.skewSeconds) * group.samplesPerSecond),
    0,
  );
  const count = Math.floor(strip.seconds * group.samplesPerSecond) + 1;
  const values = decodeSamples(group, strip.channelIndex, bytes, littleEndian, { from, count });
  const mmPerSample = speed / group.samplesPerSecond;
  const first = (from / group.samplesPerSecond + channel.skewSeconds - strip.fromSeconds) * speed;
  context.save();
  context.beginPath();
  context.rect(strip.x, 0, strip.width, sheet.height);
  context.clip();
  context.beginPath();
  let isDown = false;
  values.forEach((value, index) => {
    if (Number.isNaN(value)) {
      isDown = false;
      return;
    }
    const x = strip.x + first + index * mmPerSample;
    const y = strip.y - (value - scale.middle) * scale.mmPerUnit;
    if (isDown) context.lineTo(x, y);
    else context.moveTo(x, y);
    isDown = true;
  });
  context.strokeStyle = colours.trace;
  context.lineWidth = Math.max(1.2 / pixelsPerMm, 0.18);
  context.lineJoin = "round";
  context.stroke();
  context.restore();
}
