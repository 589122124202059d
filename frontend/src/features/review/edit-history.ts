/** Undo and redo over all texts of one sequence, also across "back to the model's words", which a browser's own undo forgets. */

export type Step = { number: number; before: string; after: string }

// Keys within this time are one step, as in any editor.
const ONE_STEP_MS = 600
const MOST_STEPS = 500

export class EditHistory {
  private done: Step[] = []
  private undone: Step[] = []
  private last = Number.NEGATIVE_INFINITY

  constructor(private readonly now: () => number = () => performance.now()) {}

  note(number: number, before: string, after: string): void {
    const step = this.done.at(-1)
    const at = this.now()
    if (step?.number === number && at - this.last < ONE_STEP_MS && step.after === before) step.after = after
    else this.done.push({ number, before, after })
    this.last = at
    this.undone = []
    if (this.done.length > MOST_STEPS) this.done.shift()
  }

  /** The step to take back; the caller writes `before`. */
  undo(): Step | undefined {
    const step = this.done.pop()
    if (step) this.undone.push(step)
    this.last = Number.NEGATIVE_INFINITY
    return step
  }

  /** The step to do again; the caller writes `after`. */
  redo(): Step | undefined {
    const step = this.undone.pop()
    if (step) this.done.push(step)
    return step
  }

  /** Somebody else changed this text: taking one's own steps back would take theirs away unseen. */
  forget(number: number): void {
    const isOther = (step: Step) => step.number !== number
    this.done = this.done.filter(isOther)
    this.undone = this.undone.filter(isOther)
  }

  get can(): { undo: boolean; redo: boolean } {
    return { undo: this.done.length > 0, redo: this.undone.length > 0 }
  }
}
