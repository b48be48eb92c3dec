// Reads the primitives of docs/formats.md from a frame.

/** A frame that breaks a rule of docs/formats.md; the message is one sentence that names the rule. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
}

const maxTextBytes = 32768
const twoTo28 = 2 ** 28
const twoTo56 = 2 ** 56
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Varints become numbers, exact up to 2^53 and above it wherever a number can be exact: page numbers (52 bits) always are, and so are
 * sizes, which above 2^53 bytes are those of free space, whole pages. Not reusable; a reader belongs to one frame.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    if (this.#at >= this.#bytes.length) throw new FormatError('The frame ends too early.')
    return this.#bytes[this.#at++]
  }

  varint(): number {
    const first = this.byte()
    return first < 128 ? first : this.#longVarint(first)
  }

  /** A signed integer. The sign is the lowest bit, which must be taken before the value becomes a number that may round it away. */
  zigzag(): number {
    const first = this.byte()
    if (first < 128) return (first >>> 1) ^ -(first & 1)
    const half = (this.#longVarint(first) - (first & 1)) / 2
    return (first & 1) === 0 ? half : -half - 1
  }

  /** A count of things that take at least one byte each, bounded by a limit of the format. */
  count(limit: number, what: string): number {
    const count = this.varint()
    if (count > limit) throw new FormatError(`The frame has ${count} ${what}, more than ${limit}.`)
    return count
  }

  text(): string {
    const length = this.count(maxTextBytes, 'bytes in a text')
    if (length > this.remaining) throw new FormatError('The frame ends inside a text.')
    const bytes = this.#bytes.subarray(this.#at, this.#at += length)
    try {
      return utf8.decode(bytes)
    } catch {
      throw new FormatError('A text of the frame is not UTF-8.')
    }
  }

  /** A column of values into target, the whole of it; absent values stay the zeros that a new array has. */
  column(target: Float64Array): void {
    const bytes = this.#bytes
    const length = target.length
    let at = this.#at
    for (let row = 0; row < length;) {
      const first = bytes[at++]
      if (first === 0) {
        this.#at = at
        row += 1 + this.varint()
        at = this.#at
        if (row > length) throw new FormatError('A run of zeros passes the end of its column.')
      } else if (first < 128) {
        target[row++] = first
      } else if (bytes[at] < 128) {
        target[row++] = first & 127 | bytes[at++] << 7
      } else {
        // Three bytes or more, or the end of the frame.
        this.#at = at - 1
        target[row++] = this.varint()
        at = this.#at
      }
    }
    this.#at = at
  }

  /** A column of zigzagged values. */
  zigzagColumn(target: Float64Array): void {
    const length = target.length
    for (let row = 0; row < length;) {
      if (this.#at < this.#bytes.length && this.#bytes[this.#at] === 0) {
        this.#at++
        row += 1 + this.varint()
        if (row > length) throw new FormatError('A run of zeros passes the end of its column.')
      } else {
        target[row++] = this.zigzag()
      }
    }
  }

  /** The factor of a bytes column: its values were shifted right by 0 to 12 bits. */
  factor(): number {
    const shift = this.byte()
    if (shift > 12) throw new FormatError(`A column is shifted by ${shift} bits, more than 12.`)
    return 2 ** shift
  }

  #longVarint(first: number): number {
    let low = first & 127
    let next = this.byte()
    low |= (next & 127) << 7
    if (next < 128) return low
    next = this.byte()
    low |= (next & 127) << 14
    if (next < 128) return low
    next = this.byte()
    low |= (next & 127) << 21
    if (next < 128) return low
    // 28 bits at a time: more would leave the 32 that bit operations have.
    let middle = 0
    for (let shift = 0; shift < 28; shift += 7) {
      next = this.byte()
      middle |= (next & 127) << shift
      if (next < 128) return low + middle * twoTo28
    }
    let high = this.byte()
    if (high >= 128) {
      next = this.byte()
      if (next > 1) throw new FormatError('A number of the frame is longer than 64 bits.')
      high = high & 127 | next << 7
    }
    return low + middle * twoTo28 + high * twoTo56
  }
}
