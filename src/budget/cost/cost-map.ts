import { AttachError } from '../../breaker/errors.js'
import type { Cells } from '../../memory/cells.js'
import { alignToLine, CELLS_PER_LINE, Layout } from '../../memory/layout.js'
import { AuditMap, initializeAudit } from '../audit/audit-map.js'
import { initializeEstimator } from '../estimator/estimator.js'
import { EstimatorMap } from '../estimator/estimator-map.js'
import { fingerprintOf } from '../fingerprint.js'
import { initializeRules } from '../rules/cost-rules.js'
import { RulesMap } from '../rules/rules-map.js'
import type { ResolvedCosts } from './options.js'

/**
 * Where everything is that cost breakers share, beside circuits and budgets. Size → initialize → attach; attach only reads.
 *
 * | part | cells | written by | read by |
 * |---|---|---|---|
 * | header | magic, layout version, fingerprint of the settings | create, once | attach |
 * | emergency, on a line of its own | 1: until when, in seconds since 1970; 0: none | whoever declares or ends one | every call |
 * | slots | owner, thread id; for each | attach, detach, whoever saw the exit | attach |
 * | counters, a line for each breaker and slot | `cost-counters.ts` | the slot's thread alone | snapshots |
 * | rules, estimator, audit | as their own maps say | | |
 */
const COST_MAGIC = 0x42_55_53_43
const COST_LAYOUT_VERSION = 1
const Header = { magic: 0, version: 1, fingerprint: 2 } as const

export class CostMap {
  readonly sizes: { readonly slots: number }
  readonly emergency: number
  readonly rules: RulesMap
  readonly estimator: EstimatorMap
  readonly audit: AuditMap
  readonly #owners: number
  readonly #counters: number
  /** Cells in all: whole lines. */
  readonly size: number

  constructor({ slots, breakers, rules, estimator, auditCapacity }: ResolvedCosts) {
    this.sizes = { slots }
    const layout = new Layout()
    layout.lineOf(Object.keys(Header).length)
    this.emergency = layout.lineOf()
    this.#owners = layout.lineOf(slots * 2)
    this.#counters = layout.lineOf(breakers * slots * CELLS_PER_LINE)
    this.rules = new RulesMap(layout.size, rules.length)
    this.estimator = new EstimatorMap(alignToLine(this.rules.end), estimator)
    this.audit = new AuditMap(alignToLine(this.estimator.end), auditCapacity)
    this.size = alignToLine(this.audit.end)
  }

  /** The owner's word of a slot; the thread id is in the next cell. */
  owner(slot: number): number {
    return this.#owners + slot * 2
  }

  /** The first cell of what a slot's thread counts of a breaker. */
  counters(breaker: number, slot: number): number {
    return this.#counters + (breaker * this.sizes.slots + slot) * CELLS_PER_LINE
  }
}

/** Runs before anyone else knows of the memory, which must be all zero. */
export function initializeCosts(cells: Cells, map: CostMap, settings: ResolvedCosts): void {
  initializeRules(cells, map.rules, settings.rules)
  initializeEstimator(cells, map.estimator, settings.estimator)
  initializeAudit(cells, map.audit)
  cells.store(Header.version, COST_LAYOUT_VERSION)
  cells.store(Header.fingerprint, fingerprintOf(settings))
  // Last: memory that names itself so is so.
  cells.store(Header.magic, COST_MAGIC)
}

/** Throws an `AttachError` unless this is the memory of cost breakers with just these settings. */
export function checkCosts(cells: Cells, map: CostMap, settings: ResolvedCosts): void {
  if (cells.length < CELLS_PER_LINE || cells.load(Header.magic) !== COST_MAGIC) {
    throw new AttachError('ERR_NOT_A_BREAKER', 'there are no cost breakers in this buffer')
  }
  const version = cells.load(Header.version)
  if (version !== COST_LAYOUT_VERSION) {
    throw new AttachError(
      'ERR_LAYOUT_VERSION',
      `the memory of the cost breakers has layout ${version}; this version of busbar knows layout ${COST_LAYOUT_VERSION}`,
    )
  }
  if (map.size > cells.length) {
    throw new AttachError(
      'ERR_TRUNCATED',
      `cost breakers need ${map.size} cells; the buffer ends after ${cells.length}`,
    )
  }
  if (cells.load(Header.fingerprint) !== fingerprintOf(settings)) {
    throw new AttachError('ERR_NOT_A_BREAKER', 'the buffer was made with other settings than the handle says')
  }
}
