import { createHash } from 'node:crypto'
import { storeAmount } from '../../memory/amount.js'
import type { Cells } from '../../memory/cells.js'
import { LedgerError } from './errors.js'
import { LEDGER_HEADER_CELLS, LEDGER_LAYOUT_VERSION, LEDGER_MAGIC, LedgerHeader, LedgerMap } from './ledger-map.js'
import type { ResolvedLedger } from './options.js'
import type { Amounts, RecordShape } from './record.js'

/** A ledger's memory: size → initialize → attach. Attach only reads, and refuses what it doesn't know. */
export function mapOf(ledger: ResolvedLedger, shape: RecordShape): LedgerMap {
  const { slots, accounts, reservations } = ledger
  return new LedgerMap({ slots, accounts, reservations, amounts: shape.amounts })
}

/** Runs before anyone else knows of the memory. */
export function initializeLedger(cells: Cells, map: LedgerMap, ledger: ResolvedLedger): void {
  cells.store(LedgerHeader.version, LEDGER_LAYOUT_VERSION)
  cells.store(LedgerHeader.size, map.size)
  cells.store(LedgerHeader.fingerprint, fingerprintOf(ledger))
  for (const part of ['slots', 'accounts', 'reservations', 'amounts'] as const) {
    cells.store(LedgerHeader[part], map.sizes[part])
  }
  // Last: memory that names itself a ledger is one.
  cells.store(LedgerHeader.magic, LEDGER_MAGIC)
}

/** Runs before anyone else knows of the account: its head names slot 0's first record. */
export function initializeAccount(cells: Cells, map: LedgerMap, account: number, values: Amounts): void {
  for (let cell = map.head(account); cell < map.record(account, 0, 0); cell++) cells.store(cell, 0)
  values.forEach((value, index) => {
    storeAmount(cells, map.record(account, 0, 0) + index * 2, value)
  })
}

/** Throws a `LedgerError` unless this is the memory of just that ledger. */
export function checkLedger(cells: Cells, map: LedgerMap, ledger: ResolvedLedger): void {
  if (cells.length < LEDGER_HEADER_CELLS || cells.load(LedgerHeader.magic) !== LEDGER_MAGIC) {
    throw new LedgerError('ERR_NOT_A_LEDGER', 'there is no ledger in this buffer')
  }
  const version = cells.load(LedgerHeader.version)
  if (version !== LEDGER_LAYOUT_VERSION) {
    throw new LedgerError(
      'ERR_LAYOUT_VERSION',
      `the ledger's memory has layout ${version}; this version of busbar knows layout ${LEDGER_LAYOUT_VERSION}`,
    )
  }
  const same =
    cells.load(LedgerHeader.size) === map.size && cells.load(LedgerHeader.fingerprint) === fingerprintOf(ledger)
  if (!same || map.size > cells.length) {
    throw new LedgerError('ERR_NOT_A_LEDGER', `the buffer is not that of ledger "${ledger.name}" with these budgets`)
  }
}

/** Tells one set of budgets from another, so that no thread counts by other rules than the rest. */
function fingerprintOf(ledger: ResolvedLedger): number {
  return createHash('sha256').update(JSON.stringify(ledger)).digest().readInt32LE(0)
}
