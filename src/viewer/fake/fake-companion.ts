import type { CompanionRequests } from "../companion/companion-requests.ts";

/** Answers by path: a value, an error to be thrown, or lines. */
type FakeAnswers = Readonly<Record<string, unknown>>;

/** Requests to a companion that answers from a table; what it was asked is remembered. */
export class FakeCompanion implements CompanionRequests {
  readonly dicomwebUrl = "http://host/dicom-web";
  readonly sourceName: string | undefined;
  readonly asked: string[] = [];
  readonly sent: unknown[] = [];
  answers: FakeAnswers;

  constructor(answers: FakeAnswers, sourceName?: string) {
    this.answers = answers;
    this.sourceName = sourceName;
  }

  addressOf(path: string): string {
    return `http://host/${path}`;
  }

  async json(path: string, signal: AbortSignal): Promise<unknown> {
    this.asked.push(path);
    signal.throwIfAborted();
    return this.#answer(path);
  }

  async *lines(
    path: string,
    send: { readonly body: unknown } | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<unknown> {
    this.asked.push(path);
    if (send !== undefined) this.sent.push(send.body);
    const answer = this.#answer(path);
    for (const line of Array.isArray(answer) ? answer : []) {
      await Promise.resolve();
      signal.throwIfAborted();
      if (line instanceof Error) throw line;
      if (line instanceof Promise) await line;
      else yield line;
    }
  }

  #answer(path: string): unknown {
    const [plain = ""] = path.split("?");
    const answer = this.answers[path] ?? this.answers[plain];
    if (answer instanceof Error) throw answer;
    return answer;
  }
}
