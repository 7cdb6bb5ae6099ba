// Asks one question at a time, and always the newest. What is asked while an answer is on its way replaces what waits,
// so that typing never queues up.
export class Latest<Question, Answer> {
  #asking = false;
  #waiting: { question: Question } | null = null;

  constructor(
    private readonly ask: (question: Question) => Promise<Answer>,
    private readonly answered: (answer: Answer, question: Question) => void,
    private readonly failed: (error: unknown, question: Question) => void,
  ) {}

  /** Whether an answer is still to come. */
  get busy(): boolean {
    return this.#asking;
  }

  put(question: Question): void {
    if (this.#asking) this.#waiting = { question };
    else void this.#run(question);
  }

  /** Forgets what waits. An answer on its way still arrives. */
  drop(): void {
    this.#waiting = null;
  }

  async #run(first: Question): Promise<void> {
    this.#asking = true;
    let next: { question: Question } | null = { question: first };
    while (next !== null) {
      const { question } = next;
      try {
        this.answered(await this.ask(question), question);
      } catch (error) {
        this.failed(error, question);
      }
      next = this.#waiting;
      this.#waiting = null;
    }
    this.#asking = false;
  }
}
