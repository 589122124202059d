import { Notifications } from '@mantine/notifications'
import '@mantine/notifications/styles.css'

/** Where short messages appear; loaded after the page, since none is due before. */
export function Messages() {
  return <Notifications position="bottom-right" limit={4} />
}
