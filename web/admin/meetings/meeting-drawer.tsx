import { Drawer } from '@mantine/core'
import { useState } from 'react'
import { BlockForm } from '../blocked/block-form.tsx'
import { useMeeting } from '../client/meetings.ts'
import { type AdminText, useText } from '../i18n/text.ts'
import { useHistoryDialog } from '../parts/history-dialog.ts'
import { Loaded } from '../parts/states.tsx'
import { CommandForm, type DrawerStep } from './command-form.tsx'
import { type Meeting, titleOf } from './meeting.ts'
import { MeetingView } from './meeting-view.tsx'
import { RescheduleForm } from './reschedule-form.tsx'

type MeetingDrawerProps = { id: number | undefined; onClose: () => void }

/** One meeting next to the list. It is open while the URL contains its id. An action's form replaces the details. */
export function MeetingDrawer({ id, onClose }: MeetingDrawerProps) {
  const { t } = useText()
  const meeting = useMeeting(id)
  const dialog = useHistoryDialog()
  const [step, setStep] = useState<DrawerStep | null>(null)
  const shown = dialog.opened === 'change' ? step : null
  const open = (next: DrawerStep) => {
    setStep(next)
    dialog.open('change')
  }
  const title = meeting.data ? titleOf(meeting.data, t) : t('meetings.meeting')
  return (
    <Drawer
      opened={id !== undefined}
      onClose={shown ? dialog.close : onClose}
      position="right"
      size={520}
      title={<span dir="auto">{shown ? titleOfStep(shown, t) : title}</span>}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      {id !== undefined && (
        <Loaded key={id} query={meeting}>
          {(known) => <Content meeting={known} step={shown} onStep={open} onBack={dialog.close} />}
        </Loaded>
      )}
    </Drawer>
  )
}

function titleOfStep(step: DrawerStep, t: AdminText['t']): string {
  if (step === 'reschedule') return t('meetings.reschedule')
  return 'block' in step ? t('blocked.cancel_all_title') : step.title
}

type ContentProps = {
  meeting: Meeting
  step: DrawerStep | null
  onStep: (step: DrawerStep) => void
  onBack: () => void
}

function Content({ meeting, step, onStep, onBack }: ContentProps) {
  if (step === 'reschedule') return <RescheduleForm meeting={meeting} onClose={onBack} />
  if (step && 'block' in step) return <BlockForm email={step.block} onClose={onBack} />
  if (step) return <CommandForm command={step} onClose={onBack} />
  return <MeetingView meeting={meeting} onStep={onStep} />
}
