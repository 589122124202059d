/** Notices of this browser: chosen here and not on the server, because each browser has to allow them itself. */

import { useLocalStorage } from '@mantine/hooks'
import { useState } from 'react'

const KEY = 'woodpecker.browser-notices'

export type BrowserNotices = 'on' | 'off' | 'refused' | 'impossible'

export function useBrowserNotices(): { state: BrowserNotices; set: (on: boolean) => Promise<void> } {
  const [wanted, want] = useLocalStorage({ key: KEY, defaultValue: false, getInitialValueInEffect: false })
  const permission = permissionNow()
  // The browser does not say that the answer changed: drawn once more after it was asked.
  const [, askedAgain] = useState(0)
  const set = async (on: boolean) => {
    if (on && permissionNow() === 'default') await Notification.requestPermission()
    askedAgain((times) => times + 1)
    want(on && permissionNow() === 'granted')
  }
  if (permission === null) return { state: 'impossible', set }
  if (permission === 'denied') return { state: 'refused', set }
  return { state: wanted && permission === 'granted' ? 'on' : 'off', set }
}

/** Says it where the person is, unless they look at this page. */
export function notice(title: string, body: string, onOpen: () => void): void {
  if (!document.hidden || permissionNow() !== 'granted') return
  const shown = new Notification(title, { body, tag: title })
  shown.onclick = () => {
    window.focus()
    onOpen()
    shown.close()
  }
}

function permissionNow(): NotificationPermission | null {
  return typeof Notification === 'undefined' || !window.isSecureContext ? null : Notification.permission
}
