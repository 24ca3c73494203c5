import type { Window, WindowSetting } from '../window.js'
import { ConsecutiveWindow } from './consecutive.js'
import { CountWindow } from './count.js'
import { TimeWindow } from './time.js'

export function createWindow(setting: WindowSetting): Window {
  const window = setting.configuration.slidingWindow
  switch (window.type) {
    case 'consecutive':
      return new ConsecutiveWindow(setting, window.size)
    case 'count':
      return new CountWindow(setting, window.size)
    case 'time':
      return new TimeWindow(setting, window)
  }
}
