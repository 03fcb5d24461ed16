import { describe, expect, it } from "vitest";
import { CinePlayer, type CineStage } from "./cine-player.ts";
import { FakeTime } from "./fake/fake-time.ts";

function film(frameTimesMs: readonly number[], frameCount = 100) {
  const time = new FakeTime();
  const stage = {
    frameCount,
    frameTimesMs,
    frameIndex: 0,
    isWaiting: false,
    hasImage: true,
    asked: 0,
    goTo(frameIndex: number) {
      stage.frameIndex = frameIndex;
      stage.asked += 1;
    },
  };
  const player = new CinePlayer((): CineStage => stage, time);
  return { time, stage, player };
}

describe("a film", () => {
  it("shows the frame of the moment: late ticks drop frames, not speed", () => {
    const { time, stage, player } = film([10]);
    player.play();
    time.pass(55);
    expect(stage.frameIndex).toBe(5);
    time.pass(300);
    expect(stage.frameIndex).toBe(35);
    expect(stage.asked).toBe(2);
  });

  it("waits for a frame that is late, and then is where it should be", () => {
    const { time, stage, player } = film([10]);
    player.play();
    time.pass(20);
    stage.isWaiting = true;
    time.pass(100);
    expect(stage.frameIndex).toBe(2);
    stage.isWaiting = false;
    time.pass(10);
    expect(stage.frameIndex).toBe(13);
  });

  it("says how many frames a second really come on the screen", () => {
    const { time, player } = film([10]);
    player.play();
    expect(player.shownPerSecond.value).toBeUndefined();
    for (let tick = 0; tick < 60; tick += 1) time.pass(50);
    expect(player.shownPerSecond.value).toBeGreaterThanOrEqual(19);
    expect(player.shownPerSecond.value).toBeLessThanOrEqual(21);
  });

  it("does not count frames that cannot be shown", () => {
    const { time, stage, player } = film([10]);
    stage.hasImage = false;
    player.play();
    for (let tick = 0; tick < 30; tick += 1) time.pass(50);
    expect(player.shownPerSecond.value).toBe(0);
  });

  it("goes twice as fast when asked to, from where it is", () => {
    const { time, stage, player } = film([10]);
    player.play();
    time.pass(50);
    player.changeSpeed(1);
    time.pass(50);
    expect(player.speed.value).toBe(2);
    expect(stage.frameIndex).toBe(15);
  });

  it("stops when paused, and leaves nothing waiting", () => {
    const { time, stage, player } = film([10]);
    player.toggle();
    time.pass(20);
    player.toggle();
    time.pass(100);
    expect(stage.frameIndex).toBe(2);
    expect(time.waiting).toBe(0);
  });

  it("does not play a single image", () => {
    const { player } = film([10], 1);
    player.play();
    expect(player.isPlaying.value).toBe(false);
  });
});
