import type { BreakerHandle } from '../../breaker/handle.js'
import { beginningIn } from '../../breaker/life/open-wait.js'
import { resolveOptions } from '../../breaker/resolve-options.js'
import { MemoryMap } from '../../breaker/storage/memory-map.js'
import { initializeRegion } from '../../breaker/storage/region.js'
import { AtomicCells } from '../../memory/atomic-cells.js'
import { monotonicClock, wallClock } from '../../world/clock.js'
import { BudgetLedger } from '../ledger/budget-ledger.js'
import type { LedgerHandle, LedgerOptions } from '../ledger/options.js'
import { CostMap, initializeCosts } from './cost-map.js'
import type {
  CostBreakerOptions,
  CostControlHandle,
  CostHandle,
  CostOptions,
  CostWorld,
  ResolvedCosts,
} from './options.js'
import { resolveCosts } from './resolve-options.js'

/** A ledger that a user's thread has already is used by it as it is. */
export function ledgerGiven({ ledger }: CostOptions): BudgetLedger | undefined {
  return ledger instanceof BudgetLedger ? ledger : undefined
}

/** The memory of one breaker: its circuit lies in the same buffer, after the rest. Throws a `ConfigurationError`. */
export function memoryOfBreaker(options: CostBreakerOptions, world: CostWorld): CostHandle {
  const settings = resolveCosts(options, 1, 64)
  const costs = new CostMap(settings)
  const { name, configuration, initialState, sizes } = resolveOptions({
    ...options.circuit,
    name: options.name,
    maxThreads: settings.slots,
  })
  const circuit = new MemoryMap(costs.size, sizes)
  const cells = AtomicCells.allocate(costs.size + circuit.size)
  const nowMs = (world.clock ?? monotonicClock).nowMs()
  initializeRegion(cells, circuit, configuration, beginningIn(initialState, configuration, nowMs, world.random))
  const handle: BreakerHandle = { name, buffer: cells.buffer, firstCell: costs.size }
  return { control: controlIn(cells, costs, settings, options, world), circuit: handle, index: 0 }
}

/** The memory that the breakers of a manager have in common. Throws a `ConfigurationError`. */
export function memoryOfManager(
  options: CostOptions,
  breakers: number,
  threads: number,
  world: CostWorld,
): CostControlHandle {
  const settings = resolveCosts(options, breakers, threads)
  const map = new CostMap(settings)
  return controlIn(AtomicCells.allocate(map.size), map, settings, options, world)
}

function controlIn(
  cells: AtomicCells,
  map: CostMap,
  settings: ResolvedCosts,
  options: CostOptions,
  world: CostWorld,
): CostControlHandle {
  const { ledger, commonBudgets } = options
  const handles = {
    ledger: ledger instanceof BudgetLedger ? ledger.handle : newLedger(ledger, settings, world),
    common: commonBudgets && newLedger({ name: 'common', budgets: commonBudgets }, settings, world),
  }
  initializeCosts(cells, map, settings)
  return { buffer: cells.buffer, settings, ...handles }
}

function newLedger(options: LedgerOptions, { slots }: ResolvedCosts, world: CostWorld): LedgerHandle {
  const ledger = BudgetLedger.create({ maxThreads: slots, ...options }, { clock: world.wallClock ?? wallClock })
  // Its maker attaches to it as every other thread does.
  ledger.detach()
  return ledger.handle
}
