import type { Configuration } from '../options.js'
import type { Window, WindowSetting } from '../window.js'
import { ConsecutiveWindow } from './consecutive.js'
import { TimeWindow } from './time.js'

export function createWindow(configuration: Configuration, setting: WindowSetting): Window {
  const window = configuration.slidingWindow
  if (window.type === 'consecutive') return new ConsecutiveWindow(setting, window.size)
  return new TimeWindow(setting, window, configuration)
}
