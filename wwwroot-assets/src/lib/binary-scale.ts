// The scale of an axis of bytes: its steps are powers of two, so that every label is a round figure in binary units.

export interface BinaryScale {
  /** The axis ends here, in bytes. */
  readonly max: number
  /** Into so many equal steps it is cut: 3 or 4. */
  readonly steps: number
}

/** A page and its multiples: less is never measured. */
const smallestStep = 4096

/** The smallest scale of at most four steps that holds a value. */
export function binaryScale(highest: number): BinaryScale {
  let step = smallestStep
  while (step * 4 < highest) step *= 2
  const steps = Math.max(3, Math.ceil(highest / step))
  return { max: step * steps, steps }
}
