import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { anchorShift } from '../src/interop/grid.ts'

const rows = (first: number, keys: string) => keys.split('').map((key, i) => ({ key, index: first + i }))

describe('anchorShift', () => {
  it('anchorShift_RowsAboveGone_IsHowFarTheFirstInSightMovedUp', () => { assert.equal(anchorShift(rows(10, 'klmn'), rows(4, 'ghijklmnop')), -2) })
  it('anchorShift_RowsAboveCame_IsHowFarItMovedDown', () => { assert.equal(anchorShift(rows(10, 'klmn'), rows(8, 'ghijklmn')), 2) })
  it('anchorShift_FirstInSightGone_TheNextOneCounts', () => { assert.equal(anchorShift(rows(10, 'klmn'), rows(8, 'ghlmn')), -1) })
  it('anchorShift_NoneLeft_IsNothing', () => { assert.equal(anchorShift(rows(10, 'klmn'), rows(10, 'abcd')), 0) })
})
