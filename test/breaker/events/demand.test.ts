import { expect } from 'chai'
import { dieAt, End, interrupt, memory } from './rig.js'

function three() {
  const { handle } = memory()
  return { handle, one: new End(handle), other: new End(handle), third: new End(handle) }
}

describe('demand', () => {
  it('is raised by the first wish of a thread and falls with the last of all', () => {
    const { one, other } = three()
    expect(one.isDemanded).to.equal(false)
    one.log.want()
    one.log.want()
    other.log.want()
    one.log.unwant()
    expect(one.isDemanded).to.equal(true)
    one.log.unwant()
    expect(one.isDemanded).to.equal(true)
    other.log.unwant()
    expect(one.isDemanded).to.equal(false)
  })

  it('says so to the thread that wants, once it is in force', () => {
    const { one } = three()
    const seen: boolean[] = []
    one.log.onDemand = () => seen.push(one.isDemanded)
    one.log.want()
    one.log.want()
    expect(seen).to.deep.equal([true])
  })

  it('holds for one who begins at whatever step of another’s leaving', () => {
    for (let step = 1, more = true; more; step++) {
      const { one, other } = three()
      one.log.want()
      more = interrupt(
        one.cells,
        step,
        () => one.log.unwant(),
        () => other.log.want(),
      )
      if (more) expect(one.isDemanded, `step ${step}`).to.equal(true)
    }
  })

  it('holds for one who begins, at whatever of its steps another leaves', () => {
    for (let step = 1, more = true; more; step++) {
      const { one, other } = three()
      other.log.want()
      more = interrupt(
        one.cells,
        step,
        () => one.log.want(),
        () => other.log.unwant(),
      )
      expect(one.isDemanded, `step ${step}`).to.equal(true)
    }
  })

  it('holds although it fell and rose again at whatever step of another’s leaving', () => {
    for (let step = 1, more = true; more; step++) {
      const { one, other, third } = three()
      one.log.want()
      more = interrupt(
        one.cells,
        step,
        () => one.log.unwant(),
        () => {
          other.log.want()
          other.log.unwant()
          third.log.want()
        },
      )
      if (more) expect(one.isDemanded, `step ${step}`).to.equal(true)
    }
  })

  it('holds for one who begins, however the leaving of a second falls among the steps', () => {
    for (let step = 1, more = true; more; step++) {
      for (let inner = 1, innerMore = true; innerMore; inner++) {
        const { one, other, third } = three()
        one.log.want()
        other.log.want()
        more = interrupt(
          one.cells,
          step,
          () => one.log.unwant(),
          () => {
            innerMore = interrupt(
              other.cells,
              inner,
              () => other.log.unwant(),
              () => third.log.want(),
            )
            if (!innerMore) third.log.want()
          },
        )
        if (!more) break
        expect(one.isDemanded, `steps ${step} and ${inner}`).to.equal(true)
        third.log.unwant()
        expect(one.isDemanded, `steps ${step} and ${inner}, left`).to.equal(false)
      }
    }
  })

  it('is none in the end if one came and went at whatever steps of another’s leaving', () => {
    for (let step = 1, more = true; more; step++) {
      for (let inner = 1, innerMore = true; innerMore; inner++) {
        const { one, other } = three()
        one.log.want()
        // The other begins at one step and ends `inner` steps later.
        let steps = 0
        one.cells.onStep = () => {
          steps += 1
          if (steps === step) other.log.want()
          if (steps === step + inner) other.log.unwant()
        }
        one.log.unwant()
        one.cells.onStep = undefined
        more = steps >= step
        innerMore = steps >= step + inner
        if (more && !innerMore) other.log.unwant()
        expect(one.isDemanded, `steps ${step} and ${inner}`).to.equal(false)
      }
    }
  })

  it('is not even for a moment none while another wants', () => {
    const { one, other } = three()
    one.log.want()
    other.log.want()
    const seen = new Set<boolean>()
    one.cells.onStep = () => seen.add(other.isDemanded)
    one.log.unwant()
    expect([...seen]).to.deep.equal([true])
  })

  it('falls when the last who wants dies, at whatever step, once that is seen; and stays if another wants', () => {
    for (const others of [0, 1]) {
      for (let step = 1, more = true; more; step++) {
        const { handle, one, other } = three()
        if (others > 0) other.log.want()
        more = dieAt(one.cells, step, () => {
          one.log.want()
          one.log.unwant()
        })
        one.cells.onStep = undefined
        one.release()
        expect(other.isDemanded, `step ${step}`).to.equal(others > 0)
        // The slot's next thread wants nothing of what the dead one did.
        const next = new End(handle)
        expect(next.claim.slot).to.equal(one.claim.slot)
        if (others > 0) other.log.unwant()
        expect(other.isDemanded, `step ${step}, the slot's next thread`).to.equal(false)
      }
    }
  })

  it('ends with the wishes of an end that detaches without taking them back', () => {
    const { one, other } = three()
    one.events.publishCalls()
    one.log.want()
    one.detach()
    expect(other.isDemanded).to.equal(false)
    one.log.unwant()
    one.log.want()
    expect(other.isDemanded).to.equal(false)
  })
})
