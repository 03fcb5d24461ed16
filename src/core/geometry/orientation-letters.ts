import { planeDirections, type Vector3 } from "./image-plane.ts";

/** Which side of the patient each edge of an image is towards: `L`, `AR`, `HLP`; empty where it is unknown. */
export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** How an image stands on the screen: flipped in its own axes first, then turned clockwise. */
export interface ImagePose {
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly flipHorizontal: boolean;
  readonly flipVertical: boolean;
}

/** Below this part of a direction (about 6 degrees) an axis is not named. */
const NAMED_FROM = 0.1;

/** At most this many letters; a third one would say little and read badly. */
const MOST_LETTERS = 2;

const OPPOSITE: Readonly<Record<string, string>> = {
  L: "R",
  R: "L",
  A: "P",
  P: "A",
  H: "F",
  F: "H",
};

/** The letters of a direction in patient space, the strongest axis first (PS3.3 C.7.6.1.1.1): `AR`. */
export function directionLetters(direction: Vector3): string {
  const axes = [
    { size: Math.abs(direction[0]), letter: direction[0] < 0 ? "R" : "L" },
    { size: Math.abs(direction[1]), letter: direction[1] < 0 ? "A" : "P" },
    { size: Math.abs(direction[2]), letter: direction[2] < 0 ? "F" : "H" },
  ];
  return axes
    .filter((axis) => axis.size >= NAMED_FROM)
    .sort((a, b) => b.size - a.size)
    .slice(0, MOST_LETTERS)
    .map((axis) => axis.letter)
    .join("");
}

/** The letters of an image from Image Orientation (Patient); undefined when it is missing or damaged. */
export function lettersOfOrientation(orientation: readonly number[]): EdgeLetters | undefined {
  const directions = planeDirections(orientation);
  if (directions === undefined) return undefined;
  return edges(
    directionLetters(directions.rowDirection),
    directionLetters(directions.columnDirection),
  );
}

/**
 * The letters from Patient Orientation (0020,0020): the direction of the rows, then of the columns. Undefined when
 * a value is missing or holds anything but the letters of PS3.3 C.7.6.1.1.1.
 */
export function lettersOfPatientOrientation(values: readonly string[]): EdgeLetters | undefined {
  const [along, down] = values.map((value) => value.trim());
  if (along === undefined || down === undefined) return undefined;
  return /^[LRAPHF]{1,3}$/.test(along) && /^[LRAPHF]{1,3}$/.test(down)
    ? edges(along, down)
    : undefined;
}

/** The letters of an image that is flipped and turned. */
export function posedLetters(letters: EdgeLetters, pose: ImagePose): EdgeLetters {
  let { left, right, top, bottom } = letters;
  if (pose.flipHorizontal) [left, right] = [right, left];
  if (pose.flipVertical) [top, bottom] = [bottom, top];
  for (let turn = 0; turn < pose.quarterTurns; turn += 1)
    [top, right, bottom, left] = [left, top, right, bottom];
  return { left, right, top, bottom };
}

function edges(along: string, down: string): EdgeLetters {
  return { left: opposite(along), right: along, top: opposite(down), bottom: down };
}

function opposite(letters: string): string {
  return [...letters].map((letter) => OPPOSITE[letter] ?? "").join("");
}
