import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { binaryScale } from '../src/lib/binary-scale.ts'
import { formatBytes } from '../src/lib/format.ts'

const labels = (highest: number): string[] => {
  const { max, steps } = binaryScale(highest)
  return Array.from({ length: steps + 1 }, (_, i) => formatBytes(max / steps * i))
}

describe('binaryScale', () => {
  it('binaryScale_364MiB_HasStepsOf128MiB', () => { assert.deepEqual(labels(364.2 * 2 ** 20), ['0 B', '128 MiB', '256 MiB', '384 MiB']) })
  it('binaryScale_AFullStep_NeedsNoFurtherOne', () => { assert.deepEqual(labels(2 ** 30), ['0 B', '256 MiB', '512 MiB', '768 MiB', '1 GiB']) })
  it('binaryScale_Nothing_IsStillAScale', () => { assert.deepEqual(labels(0), ['0 B', '4 KiB', '8 KiB', '12 KiB']) })
  it('binaryScale_AnyValue_HoldsItInThreeOrFourStepsOfAPowerOfTwo', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 2 ** 50, noNaN: true }), (highest) => {
      const { max, steps } = binaryScale(highest)
      assert.ok(max >= highest && (steps === 3 || steps === 4))
      assert.ok(Number.isInteger(Math.log2(max / steps)))
      // Not taller than it needs to be: the next smaller step would not do.
      assert.ok(max / steps === 4096 || max / steps * 2 < highest)
    }))
  })
})
