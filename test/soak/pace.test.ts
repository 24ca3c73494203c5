import { expect } from 'chai'
import type { SoakThread } from '../../src/evidence.js'
import { paceOf } from '../../src/soak/pace.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { CALLS_PER_SECOND, Stages, soaked, soakedPlan, thread } from './soak-evidence.js'

const paceOfOne = (one: SoakThread) => paceOf(soaked([one]), one)

describe('pace of a soaked thread', () => {
  it('is a leak when it grows with every call', () => {
    const pace = paceOfOne(thread('worker-0', (second) => second * 10_000))
    expect(pace.result).to.equal('invalid')
    expect(pace.bytesPerCall).to.be.closeTo(10_000 / CALLS_PER_SECOND, 2)
    expect(pace.late?.slopeMin).to.be.below(10_000)
    expect(pace.late?.slopeMax).to.be.above(10_000)
  })

  it('tells when the heap will be full, at the pace of the second half', () => {
    const one = thread('worker-0', (second) => second * 1_000_000)
    const left = 2 ** 32 - (one.samples.at(-1)?.usedBytes ?? 0)
    expect(paceOfOne(one).hoursToLimit).to.be.closeTo(left / 1_000_000 / 3600, 0.02)
  })

  it('is none where only noise is', () => {
    const pace = paceOfOne(thread('worker-0', () => 0))
    expect(pace).to.include({ result: 'valid', reason: 'does not grow', hoursToLimit: undefined })
  })

  it('is none of a cache that fills and stops, and says that it grew', () => {
    const pace = paceOfOne(thread('worker-0', (second) => Math.min(second, 25) * 20_000))
    expect(pace).to.include({ result: 'valid', reason: 'grew, and has stopped' })
  })

  it('is a leak while a cache still fills at the end: nothing tells the two apart', () => {
    expect(paceOfOne(thread('worker-0', (second) => Math.min(second, 59) * 20_000)).result).to.equal('invalid')
  })

  it('is a leak that begins late, seen by the second half too', () => {
    expect(paceOfOne(thread('worker-0', (second) => Math.max(0, second - 25) * 20_000)).result).to.equal('invalid')
  })

  it('is none of what fills and empties in turn, though it fills at the end', () => {
    const pace = paceOfOne(thread('worker-0', (second) => ((second + 29) % 59) * 20_000))
    expect(pace.late?.slopeMin).to.be.above(4096)
    expect(pace.result).not.to.equal('invalid')
  })

  it('is a leak between the jumps of a table that doubles', () => {
    const room = (second: number) => (second < 40 ? 0 : second < 52 ? 2_000_000 : 4_000_000)
    const pace = paceOfOne(thread('worker-0', (second) => second * 20_000 + room(second)))
    expect(pace.result).to.equal('invalid')
  })

  it('is none where something large is there at some samples and not at others', () => {
    const pace = paceOfOne(thread('worker-0', (second) => ([38, 44, 47, 50, 51, 53].includes(second) ? 900_000 : 0)))
    expect(pace.result).to.equal('valid')
  })

  it('is not known of one jump that stays', () => {
    expect(paceOfOne(thread('worker-0', (second) => (second < 45 ? 0 : 900_000))).result).not.to.equal('valid')
  })

  it('is none below the least slope, however sure the trend is', () => {
    const pace = paceOfOne(thread('worker-0', (second) => second * 2000))
    expect(pace.trend?.z).to.be.above(3)
    expect(pace.result).to.equal('valid')
  })

  it('sees the finer the longer the soak: what comes and goes does not add up', () => {
    const limits = { sampleEveryMs: 1000, leastBytesPerSecond: 4096 }
    const paceWith = (leastBytes: number) => {
      const one = thread('worker-0', (second) => second * 10_000)
      return paceOf(soaked([one], { plan: soakedPlan({ soak: { ...limits, leastBytes } }) }), one)
    }
    // The second half is 29 s: 290 KB there.
    expect(paceWith(250_000)).to.include({ result: 'invalid' })
    expect(paceWith(330_000)).to.include({ result: 'valid' })
    expect(paceWith(330_000).least).to.be.closeTo(330_000 / 29, 400)
  })

  it('leaves out what calls in flight hold, however many they are', () => {
    const random = seededRandom(11)
    const heldByOne = 3000
    const busy = (bytesPerSecond: number) => {
      const still = thread('worker-0', (second) => second * bytesPerSecond)
      const samples = still.samples.map((sample) => {
        const inFlight = Math.floor(random.next() * 800)
        return { ...sample, inFlight, usedBytes: sample.usedBytes + inFlight * heldByOne }
      })
      return paceOfOne({ ...still, samples })
    }
    expect(busy(0)).to.include({ result: 'valid' })
    expect(busy(10_000)).to.include({ result: 'invalid' })
    expect(busy(10_000).late?.slope).to.be.closeTo(10_000, 500)
  })

  it('is unknown where noise is larger than what is asked about', () => {
    const random = seededRandom(5)
    const wild = thread('worker-0', (second) => random.next() * 4_000_000 + second * 5000)
    expect(paceOfOne(wild)).to.include({ result: 'unknown' })
  })

  it('is unknown of too few samples, and says how many there must be', () => {
    const pace = paceOfOne(thread('worker-0', (second) => second * 10_000, { seconds: 15 }))
    expect(pace.result).to.equal('unknown')
    expect(pace.reason).to.equal('15 samples; a trend of each half needs 20')
  })

  it('does not blame the target for what the bare loop grows by as well', () => {
    const grown = (second: number) => second * 6000
    expect(paceOfOne(thread('worker-0', grown)).result).to.equal('invalid')
    const pace = paceOfOne(thread('worker-0', grown, { bare: grown }))
    expect(pace.ownOfEngine).to.be.within(5000, 6500)
    expect(pace.result).to.equal('valid')
  })

  it('counts the time of work alone: a rest in the middle is no pause in a leak', () => {
    const whole = thread('worker-0', (second) => second * 10_000)
    const restMs = 600_000
    const parted: SoakThread = {
      ...whole,
      samples: whole.samples.map((sample) =>
        sample.stage === Stages.soak && sample.atMs > 50_000
          ? { ...sample, stage: Stages.after + 1, atMs: sample.atMs + restMs }
          : sample,
      ),
    }
    const evidence = soaked([parted])
    const soakStage = evidence.plan.stages[Stages.soak]
    const restStage = evidence.plan.stages[Stages.after]
    const ran = evidence.stages[Stages.soak]
    const rested = evidence.stages[Stages.after]
    if (!soakStage || !restStage || !ran || !rested) throw new Error('the soak has these stages')
    const two = {
      ...evidence,
      plan: { ...evidence.plan, stages: [...evidence.plan.stages, soakStage, restStage] },
      stages: [
        ...evidence.stages.slice(0, Stages.soak),
        { ...ran, endedAtMs: 50_000 },
        { ...rested, startedAtMs: 50_000, endedAtMs: 50_000 + restMs },
        { ...ran, startedAtMs: 50_000 + restMs, endedAtMs: 80_000 + restMs },
      ],
    }
    expect(paceOf(two, parted).trend?.slope).to.be.closeTo(10_000, 200)
  })
})
