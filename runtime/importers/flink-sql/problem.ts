/** Ends the reading of one statement; the others are read all the same. */
export class StatementProblem extends Error {
  /** Of the place in the script. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
