import { expect } from 'chai'
import { type DueItem, DueQueue } from '../../src/downstream/due-queue.js'
import { seededRandom } from '../../src/world/seeded-random.js'

describe('DueQueue', () => {
  it('does what is due in order of time, and nothing before its time', async () => {
    const queue = new DueQueue()
    const random = seededRandom(7)
    const startMs = queue.nowMs()
    const dueMs = Array.from({ length: 500 }, () => startMs + random.next() * 20)
    const done: number[] = []
    await allDone(dueMs.length, (finish) => {
      for (const moment of dueMs) {
        queue.add(moment, {
          fallDue() {
            expect(queue.nowMs()).to.be.at.least(moment)
            done.push(moment)
            finish()
          },
        })
      }
    })
    expect(done).to.deep.equal(dueMs.toSorted((a, b) => a - b))
    expect(queue.size).to.equal(0)
  })

  it('wakes for a moment that is added later and comes sooner', async () => {
    const queue = new DueQueue()
    let sleeper = false
    queue.add(queue.nowMs() + 60_000, {
      fallDue() {
        sleeper = true
      },
    })
    await allDone(1, (finish) => queue.add(queue.nowMs() + 5, { fallDue: finish }))
    expect(sleeper).to.equal(false)
    expect(queue.clear()).to.have.length(1)
  })

  it('does in the next turn what is already past', async () => {
    const queue = new DueQueue()
    await allDone(1, (finish) => queue.add(queue.nowMs() - 10, { fallDue: finish }))
  })

  it('takes new moments from what falls due', async () => {
    const queue = new DueQueue()
    let left = 10
    await allDone(1, (finish) => {
      const item: DueItem = {
        fallDue() {
          left -= 1
          if (left === 0) finish()
          else queue.add(queue.nowMs() + (left % 2) * 4, item)
        },
      }
      queue.add(queue.nowMs(), item)
    })
  })

  it('gives back what waits when it is cleared, does none of it, and goes on', async () => {
    const queue = new DueQueue()
    const dropped: DueItem = { fallDue: () => expect.fail('it was cleared') }
    queue.add(queue.nowMs() + 3, dropped)
    queue.add(queue.nowMs() + 1, dropped)
    expect(queue.clear()).to.deep.equal([dropped, dropped])
    await allDone(1, (finish) => queue.add(queue.nowMs() + 4, { fallDue: finish }))
  })
})

function allDone(count: number, begin: (finish: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    let left = count
    begin(() => {
      left -= 1
      if (left === 0) resolve()
    })
  })
}
