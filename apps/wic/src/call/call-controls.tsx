/**
 * What one can do during a call, in reach of the thumb.
 *
 * @module
 */
import { Button as BaseButton } from '@base-ui/react/button';
import { type Call, type CallState, CameraRefused } from '@wicgate/wic-sdk';
import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { type ComponentType, type ReactNode, useState } from 'react';
import { HangUpIcon } from '../parts/hang-up-icon.tsx';

const looks = {
  plain: { on: 'bg-sunken text-ink hover:bg-line', off: 'bg-ink text-card', words: 'text-soft' },
  overVideo: {
    on: 'bg-white/20 text-white backdrop-blur hover:bg-white/30',
    off: 'bg-white text-slate-900',
    words: 'text-white',
  },
} as const;

export interface CallControlsProps {
  readonly call: Call;
  readonly state: CallState;
  readonly look: keyof typeof looks;
  /** The browser or the person refused the camera. The call goes on. */
  readonly onCameraRefused: () => void;
}

export function CallControls({ call, state, look, onCameraRefused }: CallControlsProps): ReactNode {
  const [switching, setSwitching] = useState(false);
  const { on, off, words } = looks[look];

  const switchCamera = async (): Promise<void> => {
    setSwitching(true);
    try {
      await call.setCamera(!state.camera);
    } catch (error) {
      if (!(error instanceof CameraRefused)) throw error;
      onCameraRefused();
    } finally {
      setSwitching(false);
    }
  };

  return (
    <div className={`flex w-full items-start justify-center gap-3 sm:gap-6 low:justify-end low:gap-3 ${words}`}>
      <RoundButton
        icon={state.muted ? MicOff : Mic}
        name={state.muted ? 'Unmute' : 'Mute'}
        className={state.muted ? off : on}
        onClick={() => call.setMuted(!state.muted)}
      />
      <RoundButton
        icon={state.camera ? Video : VideoOff}
        name={state.camera ? 'Camera off' : 'Camera on'}
        className={on}
        disabled={switching || state.status !== 'in call'}
        onClick={() => void switchCamera()}
      />
      <RoundButton
        icon={HangUpIcon}
        name="Hang up"
        className="bg-danger text-on-danger hover:bg-danger-strong"
        onClick={call.hangUp}
      />
    </div>
  );
}

interface RoundButtonProps {
  readonly icon: ComponentType<{ className?: string }>;
  readonly name: string;
  readonly className: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function RoundButton({ icon: Icon, name, className, disabled = false, onClick }: RoundButtonProps): ReactNode {
  return (
    <BaseButton
      disabled={disabled}
      focusableWhenDisabled
      onClick={onClick}
      className="group flex w-24 select-none flex-col items-center gap-2 whitespace-nowrap rounded-2xl font-medium text-[0.9375rem] data-disabled:cursor-not-allowed data-disabled:opacity-60"
    >
      <span className={`grid size-16 place-items-center rounded-full transition-colors ${className}`}>
        <Icon className="size-7" />
      </span>
      {name}
    </BaseButton>
  );
}
