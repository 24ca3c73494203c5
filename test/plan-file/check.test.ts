import { expect } from 'chai'
import { EngineError } from '../../src/engine.js'
import { checkedPlanFile } from '../../src/plan-file/check.js'

const run = { scenario: 'extreme-load-async' }
const check = (content: unknown) => checkedPlanFile({ file: '/plan.yaml', content, placeOf: () => 'plan.yaml' })
const runWith = (changes: object) => ({ version: 1, runs: [{ ...run, ...changes }] })

describe('a plan file', () => {
  it('says times, faults and latencies as the command line does', () => {
    const { defaults, runs } = check({
      version: 1,
      defaults: { timeout: '1.5s', faults: ['error=0.3,latency=5ms@1s+2s'] },
      runs: [{ ...run, duration: '2m', behaviour: { latency: 'exp:5ms..100ms' } }],
    })
    expect(defaults).to.deep.equal({
      timeout: 1500,
      faults: [{ fromMs: 1000, forMs: 2000, override: { errorRate: 0.3, latency: { type: 'constant', ms: 5 } } }],
    })
    expect(runs[0]).to.deep.include({
      duration: 120_000,
      behaviour: { latency: { type: 'exponential', meanMs: 5, maxMs: 100 } },
    })
  })

  const stage = { name: 'a', role: 'steady', duration: '1s' }
  const refused: Record<string, [content: unknown, ...lines: RegExp[]]> = {
    'nothing at all': [null, /^plan\.yaml: the plan is null: invalid input: expected object, received null$/],
    'no version': [{ runs: [run] }, /^plan\.yaml: version is missing: .*expected 1$/],
    'another version': [{ version: 2, runs: [run] }, /^plan\.yaml: version is 2: .*expected 1$/],
    'no run': [{ version: 1, runs: [] }, /: runs is \[\]: too small: expected array to have >=1 items$/],
    'a run of nothing': [{ version: 1, runs: [{}] }, /: runs\[0\]\.scenario is missing: .*expected string/],
    'a misspelt field': [
      { version: 1, runs: [run], default: {} },
      /^plan\.yaml: default is not known; allowed: version, defaults, reports, runs$/,
    ],
    'a misspelt field of a run': [
      runWith({ in_flight: 3 }),
      /^plan\.yaml: runs\[0\]\.in_flight is not known; allowed: name, scenario, targets, workers, inFlight, levels, shape, rate, .*checkers$/,
    ],
    'a misspelt mark': [
      runWith({ marks: { p95: 3 } }),
      /^plan\.yaml: runs\[0\]\.marks\.p95 is not known; allowed: throughputPerSecondMin, latencyMsP95Max, /,
    ],
    'a mark below nothing': [
      runWith({ marks: { latencyMsP95Max: -5 } }),
      /: runs\[0\]\.marks\.latencyMsP95Max is -5: too small: expected number to be >0$/,
    ],
    'words for a number': [
      runWith({ workers: 'four' }),
      /: runs\[0\]\.workers is "four": .*expected number, received string/,
    ],
    'too many workers': [runWith({ workers: 513 }), /: runs\[0\]\.workers is 513: .*<=512/],
    'a time without its unit': [
      { version: 1, defaults: { duration: 10 }, runs: [run] },
      /: defaults\.duration is 10: write a time such as 500ms, 10s, 2m or 1h, at most 24h$/,
    ],
    'a time in other words': [runWith({ timeout: '1 sec' }), /: runs\[0\]\.timeout is "1 sec": write a time such as/],
    'no time at all': [runWith({ duration: '0s' }), /: runs\[0\]\.duration is 0: write a time above 0$/],
    'a fault in other words': [
      runWith({ faults: ['outage@1s+1s', 'fire'] }),
      /: runs\[0\]\.faults\[1\] is "fire": it is not WHAT@FROM\+FOR; allowed: outage \| /,
    ],
    'a latency in other words': [
      runWith({ behaviour: { latency: 'fast' } }),
      /: runs\[0\]\.behaviour\.latency is "fast": write a latency such as 5ms, 1ms\.\.10ms or exp:5ms\.\.100ms$/,
    ],
    'a share above one': [runWith({ behaviour: { errorRate: 2 } }), /: runs\[0\]\.behaviour\.errorRate is 2: .*<=1/],
    'another downstream': [runWith({ downstream: 'ftp' }), /\.downstream is "ftp": .*"simulated"\|"http"/],
    'another window': [
      runWith({ breaker: { slidingWindow: { type: 'space' } } }),
      /\.breaker\.slidingWindow\.type: .*'consecutive' \| 'time'/,
    ],
    'a role that no stage has': [
      runWith({ stages: [{ ...stage, role: 'party' }] }),
      /: runs\[0\]\.stages\[0\]\.role is "party": .*"warm-up"\|"reference"/,
    ],
    'a stage without an end': [
      runWith({ stages: [{ name: 'a', role: 'steady' }] }),
      /: runs\[0\]\.stages\[0\]\.duration is missing: write a time/,
    ],
    'stages and how long they last': [
      runWith({ stages: [stage], duration: '1s', requests: 5 }),
      /: runs\[0\]\.duration is "1s": not beside stages, /,
      /: runs\[0\]\.requests is 5: not beside stages, /,
    ],
    'a name that is a number': [
      runWith({ name: '2' }),
      /: runs\[0\]\.name is "2": write letters, .* not digits alone$/,
    ],
    'two runs of one name': [
      {
        version: 1,
        runs: [
          { ...run, name: 'a' },
          { ...run, name: 'b' },
          { ...run, name: 'a' },
        ],
      },
      /: runs\[2\]\.name is "a": another run has this name$/,
    ],
  }
  for (const [what, [content, ...lines]] of Object.entries(refused)) {
    it(`is refused for ${what}`, () => {
      const fault = faultOf(content)
      expect(fault.code).to.equal('ERR_PLAN_FILE')
      const said = fault.message.split('\n')
      expect(said, fault.message).to.have.lengthOf(lines.length)
      for (const [index, line] of lines.entries()) expect(said[index]).to.match(line)
    })
  }

  it('is told the first ten of many faults, and how many there are', () => {
    const { message } = faultOf({ version: 1, runs: Array.from({ length: 13 }, () => ({ ...run, workers: 0 })) })
    const lines = message.split('\n')
    expect(lines).to.have.lengthOf(11)
    expect(lines[10]).to.equal('… and 3 more')
  })
})

function faultOf(content: unknown): EngineError {
  try {
    check(content)
  } catch (error) {
    if (error instanceof EngineError) return error
    throw error
  }
  throw new Error('it was not refused')
}
