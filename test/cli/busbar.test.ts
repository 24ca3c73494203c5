import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { busbar } from './busbar.js'

describe('the command line @stress', () => {
  it('tells the version of the package', async () => {
    const manifest: { version: string } = JSON.parse(
      await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
    )
    expect(await busbar(['--version'])).to.deep.equal({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
  })

  for (const words of [['--help'], ['run', '--help'], ['list', '--help'], ['start', '--help'], ['profile', '--help']]) {
    it(`helps with examples: ${words.join(' ')}`, async () => {
      const { code, stdout } = await busbar(words)
      expect(code).to.equal(0)
      expect(stdout)
        .to.match(/^Usage: busbar/)
        .and.to.contain('Examples:\n  $ busbar')
    })
  }

  it('lists what there is, each with its description', async () => {
    const { code, stdout } = await busbar(['list'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/Scenarios\n {2}cost-budget +\w/)
    for (const name of ['shared', 'conservation', 'console']) expect(stdout).to.match(new RegExp(`\n  ${name} +\\w`))
  })

  const refused: Record<string, [words: string[], line: RegExp]> = {
    'a run of nothing': [['run'], /^error: run: say which scenario; there are: cost-budget, data-race, dead-backend, /],
    'an unknown scenario': [
      ['run', 'nope'],
      /^error: unknown scenario "nope"; there are: cost-budget, data-race, dead-backend, /,
    ],
    'an unknown target': [['run', 'dead-backend', '--target', 'x'], /^error: unknown target "x"; there are: .*shared/],
    'an unknown reporter': [['run', 'dead-backend', '--report', 'pdf'], /^error: unknown reporter "pdf"; there are: /],
    'an unknown command': [['rum'], /^error: unknown command 'rum'/],
    'an unknown option': [['run', '--wrokers', '3'], /^error: unknown option '--wrokers' \(Did you mean --workers\?\)/],
    'an unknown kind of profile': [
      ['run', 'dead-backend', '--profile', 'cpu,disk'],
      /^error: --profile: "disk" is not allowed; say cpu, heap, allocation/,
    ],
    'a profile of nothing': [['profile'], /^error: profile: say which scenario; there are: cost-budget, data-race, /],
    'a case that nobody knows': [
      ['run', 'resource-exhaustion', '--case', 'disk,ram'],
      /^error: --case: "ram" is not allowed; say worker-heap, process-heap, /,
    ],
    'a case of a scenario that has none': [
      ['run', 'dead-backend', '--case', 'disk'],
      /^error: --case \["disk"\]: dead-backend uses nothing up; resource-exhaustion does/,
    ],
    'a difference of one': [['profile', '--diff', 'a'], /^error: --diff: say two paths, before and after/],
    'a difference of what is not there': [
      ['profile', '--diff', 'no-such', 'nor-this'],
      /^error: no \.cpuprofile or \.heapprofile file is or is in no-such/,
    ],
    'no function to show': [['profile', 'dead-backend', '--top', '0'], /^error: .*--top.* say a whole number from 1/],
    'no workers': [
      ['run', '--workers', '0'],
      /^error: --workers: "0" is not allowed; say a whole number from 1 to 512/,
    ],
    'words for a number': [['run', '--rate', 'fast'], /^error: --rate: "fast" is not allowed; say a number above 0/],
    'half a request': [['run', '--requests', '1.5'], /^error: --requests: "1.5" is not allowed/],
    'a port out of range': [['run', '--port', '65536'], /^error: --port: "65536" is not allowed; .*65535/],
    'a time without its unit': [['run', '--duration', '10'], /^error: --duration: "10" is no duration/],
    'a fault in other words': [['run', '--fault', 'fire'], /^error: fault "fire"/],
    'another downstream': [
      ['run', '--downstream', 'ftp'],
      /^error: .*--downstream.*'ftp' is invalid\. .*simulated, http/,
    ],
    'an option that the scenario has no use for': [
      ['run', 'dead-backend', '--in-flight', '3'],
      /^error: --in-flight 3: dead-backend .* --rate/,
    ],
    'a case that no budget has': [
      ['run', 'cost-budget', '--spending', 'all'],
      /^error: .*--spending.*'all' is invalid\. .*original, tenth, jump, kills, calendar/,
    ],
    'money for what spends none': [
      ['run', 'dead-backend', '--ledger', 'one-lock'],
      /^error: --ledger "one-lock": dead-backend spends no money; cost-budget does/,
    ],
    'a suite and a scenario beside it': [
      ['run', 'data-race', '--suite', 'original'],
      /^error: --suite original: names its scenarios itself; not beside "data-race"/,
    ],
    'a report that can go nowhere': [
      ['run', 'dead-backend', '--report', 'json=package.json/x/'],
      /^error: --report: "package.json\/x\/" can't be written/,
    ],
  }
  for (const [what, [words, line]] of Object.entries(refused)) {
    it(`refuses ${what} in one line`, async () => {
      const { code, stdout, stderr } = await busbar(words)
      expect(stderr).to.match(line)
      expect(stderr.trimEnd().split('\n')).to.have.lengthOf(1)
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' })
    })
  }
})
