import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '@/components/loaded'
import { textsQuery } from './api'

/** The steps of a campaign that fits a template, to paste into Woodpecker one by one. */
export function CampaignTexts({ templateId, onClose }: { templateId: string; onClose: () => void }) {
  const query = useQuery(textsQuery(templateId))
  return (
    <Modal opened onClose={onClose} title="A campaign that fits these texts" size="lg" centered>
      <Loaded query={query} rows={4}>
        {({ steps }) => (
          <Stack gap="md">
            <Text fz="sm" c="dimmed">
              Make these steps in Woodpecker. Leave the subject of a follow-up empty: it then answers in the
              same thread.
            </Text>
            {steps.map((step) => (
              <div key={step.step}>
                <Text fw={600} fz="sm">
                  Step {step.step}: {step.channel}, day {step.day}
                  {step.wait_days > 0 ? ` (${step.wait_days} days after the step before)` : ''}
                </Text>
                {step.subject ? <Piece label="Subject" text={step.subject} /> : null}
                <Piece label="Text" text={step.text} />
              </div>
            ))}
          </Stack>
        )}
      </Loaded>
    </Modal>
  )
}

function Piece({ label, text }: { label: string; text: string }) {
  return (
    <Group gap="xs" mt={4}>
      <Text fz="xs" c="dimmed" w={52}>
        {label}
      </Text>
      <Code>{text}</Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy} aria-label={`Copy ${text}`}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}
