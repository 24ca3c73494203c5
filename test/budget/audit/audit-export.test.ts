import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { auditLines, writeAudit } from '../../../src/budget/audit/audit-export.js'
import { AuditReader } from '../../../src/budget/audit/audit-reader.js'
import { refusal, TemporaryFolder } from '../../temporary-folder.js'
import { newAudit, record } from './auditing.js'

const names = { accounts: ['free', 'team'], operations: ['chat'], rules: ['daily'] }

describe('the audit as JSON lines', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  it('tells names, times and amounts, and what is missing', async () => {
    const { cells, map, log } = newAudit(16)
    const reader = new AuditReader(cells, map)
    for (let count = 0; count < 17; count++) log.write(record())
    log.write(record({ operation: 0, rule: 0, decision: 'refused', reason: 'rule' }))
    const lines = (await text(auditLines(reader, { names }))).split('\n')
    expect(lines).to.have.length(18)
    expect(lines[0]).to.equal('{"lost":2}')
    const common = { at: '2027-01-15T08:00:00.123Z', thread: 0, account: 'team', amount: 5_000_000_000 }
    expect(JSON.parse(lines[1] ?? '')).to.deep.equal({ ...common, operation: 2, decision: 'allowed', reason: 'none' })
    expect(JSON.parse(lines[16] ?? '')).to.deep.equal({
      ...common,
      operation: 'chat',
      rule: 'daily',
      decision: 'refused',
      reason: 'rule',
    })
    expect(lines[17]).to.equal('')
  })

  it('goes to a file, after what is there, until it is told to stop', async () => {
    const { cells, map, log } = newAudit(16)
    const path = join(folder.path, 'audit.jsonl')
    const stop = new AbortController()
    // Waiting for records keeps no process alive; this test does.
    const alive = setInterval(() => undefined, 1000)
    try {
      log.write(record({ amount: 1 }))
      await writeAudit(new AuditReader(cells, map), path)
      const written = writeAudit(new AuditReader(cells, map, { from: 'now' }), path, { signal: stop.signal })
      for (let amount = 2; amount < 5; amount++) {
        log.write(record({ amount }))
        await new Promise((resolve) => setImmediate(resolve))
      }
      log.write(record({ amount: 5 }))
      stop.abort()
      await written
    } finally {
      clearInterval(alive)
    }
    const amounts = (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).amount)
    expect(amounts).to.deep.equal([1, 2, 3, 4, 5])
  })

  it('is rejected with the system’s error where it can’t be written', async () => {
    const { cells, map, log } = newAudit(16)
    log.write(record())
    const nowhere = join(folder.path, 'missing', 'audit.jsonl')
    expect(await refusal(writeAudit(new AuditReader(cells, map), nowhere))).to.include({ code: 'ENOENT' })
  })
})
