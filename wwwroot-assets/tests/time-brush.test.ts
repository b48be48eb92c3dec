import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { placeOf, spanOf, timeAt } from '../src/lib/time-brush.ts'

const scale = { left: 60, width: 800, first: 1_000_000, last: 1_080_000 }

describe('time brush', () => {
  it('timeAt_OfThePlaceOfATime_IsThatTime', () => {
    fc.assert(fc.property(fc.integer({ min: scale.first, max: scale.last }), (time) => { assert.equal(timeAt(scale, placeOf(scale, time)), time) }))
  })

  it('timeAt_OutsideThePlot_IsItsEnd', () => {
    assert.equal(timeAt(scale, -50), scale.first)
    assert.equal(timeAt(scale, 5000), scale.last)
    assert.equal(placeOf(scale, 0), 60)
    assert.equal(placeOf(scale, 2_000_000), 860)
  })

  it('spanOf_ADragEitherWay_IsTheSpanBetween', () => {
    assert.deepEqual(spanOf(scale, 160, 260), { from: 1_010_000, to: 1_020_000 })
    assert.deepEqual(spanOf(scale, 260, 160), { from: 1_010_000, to: 1_020_000 })
  })

  it('spanOf_ADragToTheEnd_LeavesItOpen', () => {
    assert.deepEqual(spanOf(scale, 160, 900), { from: 1_010_000, to: null })
    assert.deepEqual(spanOf(scale, 0, 160), { from: null, to: 1_010_000 })
  })

  it('spanOf_AClick_IsNone', () => {
    assert.equal(spanOf(scale, 160, 162), null)
    assert.equal(spanOf({ ...scale, last: scale.first }, 160, 500), null)
  })
})
