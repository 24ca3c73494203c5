import { expect } from 'chai'
import checker from '../../src/checkers/exhaustion.js'
import { type CaseName, caseNames } from '../../src/exhaustion.js'
import { detailsOf, evidence, judgementOf, latency, outcomes, stage, transitions } from '../evidence-builder.js'
import { aborted, type CaseChanges, exhausted } from '../reporting/exhaustion-evidence.js'

const survivable = caseNames.filter((name) => name !== 'process-heap')

function resultOf(name: CaseName, changes: CaseChanges = {}) {
  return judgementOf(checker, exhausted(name, changes)).result
}

describe('checker exhaustion', () => {
  for (const name of survivable) {
    it(`is valid where ${name} was used up, and all was well after it`, () => {
      expect(judgementOf(checker, exhausted(name))).to.include({ result: 'valid', summary: '1 of 1 case survived' })
    })

    it(`is unknown where nothing shows that ${name} was used up`, () => {
      for (const signs of [{}, { ERR_DOWNSTREAM_TIMEOUT: 500 }]) {
        expect(resultOf(name, { told: { signs } })).to.equal('unknown')
        expect(detailsOf(checker, exhausted(name, { told: { signs } }))).to.match(
          /nothing shows that it was used up: no /,
        )
      }
    })
  }

  it('is unknown and not invalid where a circuit had no reason to open', () => {
    const changes = { told: { signs: {} }, circuit: { transitions: [] } }
    expect(resultOf('disk', changes)).to.equal('unknown')
  })

  const wrong: Record<string, [CaseChanges, RegExp]> = {
    'the circuit never opened': [{ circuit: { transitions: [] } }, /disk: 1 of 1 view never opened/],
    'it opened only after all was given back': [
      { circuit: { transitions: transitions().map((one) => ({ ...one, atMs: one.atMs + 2500 })) } },
      /never opened/,
    ],
    'it never closed again': [
      { circuit: { transitions: transitions().slice(0, 4) } },
      /1 of 1 view never closed again/,
    ],
    'no call was refused': [{ usedUp: { outcomes: outcomes({ error: 500 }) } }, /no call was refused/],
    'a refusal is dear': [{ usedUp: { refusalLatency: latency(478, 6) } }, /the median refusal took 6 ms \(≤ 5 ms\)/],
    'calls go on to fail': [
      { after: stage('disk: after', 'steady', 4000, 500, { success: 400, error: 100 }) },
      /after it, 80 % of calls succeeded/,
    ],
    'no call ends after it': [{ after: stage('disk: after', 'steady', 4000, 0, {}) }, /after it, no call ended/],
    'a file stays': [{ told: { left: { files: 1, handles: {} } } }, /left behind: 1 file/],
    'descriptors stay': [{ told: { left: { files: 0, descriptors: 3, handles: {} } } }, /left behind: 3 descriptors/],
    'a thread stays': [{ told: { left: { files: 0, threads: 1, handles: {} } } }, /left behind: 1 thread/],
    'a handle stays': [{ told: { left: { files: 0, handles: { Timeout: 1 } } } }, /left behind: 1 Timeout/],
    'a slot of the breaker stays held': [{ circuit: { slotsHeld: 2 } }, /left behind: 2 slots of the breaker/],
    'the process had to be killed': [
      { told: { process: { end: 'reported', endedByItself: false } } },
      /its process had to be killed after its report/,
    ],
  }
  for (const [what, [changes, detail]] of Object.entries(wrong)) {
    it(`is invalid where ${what}`, () => {
      const made = exhausted('disk', changes)
      expect(detailsOf(checker, made)).to.match(detail)
      expect(judgementOf(checker, made)).to.include({
        result: 'invalid',
        summary: '0 of 1 case survived; not survived: disk',
      })
    })
  }

  it('lets files and descriptors stay of calls that died with their workers, and no more', () => {
    const left = { files: 3, descriptors: 1, handles: {} }
    const handles = { files: 0, handles: { Timeout: 1 } }
    expect(resultOf('worker-killed', { told: { left: handles }, lost: 3 })).to.equal('invalid')
    expect(resultOf('worker-killed', { told: { left }, lost: 3 })).to.equal('valid')
    expect(resultOf('worker-killed', { told: { left }, lost: 2 })).to.equal('invalid')
  })

  it('is unknown where calls failed before anything was used up', () => {
    const before = stage('disk: before', 'steady', 1000, 500, { success: 400, error: 100 })
    expect(resultOf('disk', { before })).to.equal('unknown')
  })

  it('is unknown where other work on the machine kept the workers from theirs, and the circuit did not close', () => {
    const waited = (queuedMs: number) => {
      const stages = [2, 4, 6].map((stage) => ({ stage, utilization: 1, cpuMs: 10, queuedMs }))
      const threads = [{ thread: 'worker-0', stages }]
      return exhausted('disk', { circuit: { transitions: transitions().slice(0, 4) }, evidence: { threads } })
    }
    expect(judgementOf(checker, waited(600)).result).to.equal('unknown')
    expect(detailsOf(checker, waited(600))).to.match(/workers waited 60 % of the time for processors that others had/)
    expect(judgementOf(checker, waited(400)).result).to.equal('invalid')
  })

  it('is unknown where the run was cut short', () => {
    const made = exhausted('disk', { circuit: { transitions: [] }, evidence: { interrupted: true } })
    expect(judgementOf(checker, made).result).to.equal('unknown')
  })

  it('is unknown where nobody lived through it to see it', () => {
    expect(resultOf('worker-killed', { circuit: { view: 7 } })).to.equal('unknown')
  })

  describe('of breakers that each worker has, where all first workers died', () => {
    const successor = (circuit: CaseChanges['circuit']) => {
      const made = exhausted('worker-killed', { circuit: { view: 2, ...circuit } })
      const [first, second] = made.workers.map((one) => ({ ...one, end: 'killed' as const }))
      if (!first || !second) throw new Error('no workers')
      const last = { ...first, worker: 2, end: 'finished' as const }
      return judgementOf(checker, { ...made, workers: [first, second, last] }).result
    }

    it('is valid where a successor came too late to open, as refusals show that others did', () => {
      expect(successor({ transitions: [] })).to.equal('valid')
    })

    it('is invalid where a successor never closed again', () => {
      expect(successor({ transitions: transitions().slice(0, 4) })).to.equal('invalid')
    })
  })

  it('judges the median of as many refusals as say something, where few fall into the time in which it was used up', () => {
    const usedUp = { outcomes: outcomes({ error: 22, refused: 1 }), refusalLatency: latency(1, 167) }
    const [, , , used, back, ...rest] = exhausted('cpu', { usedUp }).stages
    if (!used || !back) throw new Error('no stages')
    const given = { ...back, outcomes: outcomes({ success: 10, refused: 200 }), refusalLatency: latency(200, 0.01) }
    const made = exhausted('cpu', { usedUp })
    expect(judgementOf(checker, made).result).to.equal('invalid')
    const stages = [...made.stages.slice(0, 3), used, given, ...rest]
    expect(judgementOf(checker, { ...made, stages }).result).to.equal('valid')
  })

  it('is unknown where too few calls failed for the circuit to open', () => {
    const usedUp = { outcomes: outcomes({ success: 400, error: 4 }) }
    expect(resultOf('cpu', { usedUp, circuit: { transitions: [] } })).to.equal('unknown')
  })

  for (const end of ['failed', 'ended', 'silent'] as const) {
    it(`is unknown where the process ${end} without evidence`, () => {
      const process = { end, exitCode: 1, endedByItself: end !== 'silent', lastWords: 'it said so' }
      const made = aborted('disk', { process })
      expect(judgementOf(checker, made).result).to.equal('unknown')
      expect(detailsOf(checker, made)).to.match(/its process told nothing: .*exit code 1; it said so/)
    })
  }

  describe('of a process whose heap is full', () => {
    it('is valid where it ended of it and that is told', () => {
      expect(judgementOf(checker, aborted()).result).to.equal('valid')
      expect(detailsOf(checker, aborted())).to.equal('process-heap: the process ended (SIGABRT), and its end is told')
    })

    it('is unknown where it ended of something else', () => {
      expect(judgementOf(checker, aborted('process-heap', { signs: {} })).result).to.equal('unknown')
    })

    it('is unknown where it lived, or had to be killed', () => {
      for (const end of ['reported', 'silent'] as const) {
        const process = { end, endedByItself: true }
        expect(judgementOf(checker, aborted('process-heap', { process })).result).to.equal('unknown')
      }
    })
  })

  it('says of a case that was skipped why, and judges the others', () => {
    const made = exhausted()
    const skipped = { case: 'cpu', skipped: 'this system has no /bin/sh', signs: {} } as const
    const cases = [...(made.exhaustion?.cases ?? []), skipped]
    const judged = judgementOf(checker, { ...made, exhaustion: { cases } })
    expect(judged).to.include({
      result: 'valid',
      summary: '1 of 2 cases survived; skipped: cpu (this system has no /bin/sh)',
    })
    expect(judged.details).to.include('cpu: not run: this system has no /bin/sh')
  })

  it('is unknown where all cases were skipped', () => {
    const cases = [{ case: 'disk', skipped: 'this system has no /dev/full', signs: {} } as const]
    expect(judgementOf(checker, { ...exhausted(), exhaustion: { cases } }).result).to.equal('unknown')
  })

  it('applies to plans that use something up', () => {
    expect(checker.applies?.(evidence())).to.equal('the plan uses nothing up')
    expect(checker.applies?.(exhausted())).to.equal(true)
  })
})
