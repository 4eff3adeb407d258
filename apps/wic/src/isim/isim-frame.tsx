/**
 * The frame of the ISIM: a page of another origin, in which the person gives PIN and consent (TS 33.203 X.2.3.3).
 *
 * It stays in the page while the registration lasts, as it answers at each renewal; it is seen only while a person is
 * needed, or wants to.
 *
 * @module
 */
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { IsimClient } from './isim-client.ts';

export interface IsimFrameProps {
  /** Of the ISIM, as the WWSF names it. */
  readonly origin: string;
  /** With what asks the SIM; undefined when it is gone. */
  readonly onClient: (client: IsimClient | undefined) => void;
  /** Shown even when nothing is asked. */
  readonly isOpen?: boolean;
  /** Whether a person has to look: where the page wants to make room. */
  readonly onAttention?: (isNeeded: boolean) => void;
}

export function IsimFrame({ origin, onClient, isOpen = false, onAttention }: IsimFrameProps): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null);
  const [isNeeded, setNeeded] = useState(false);
  const client = useMemo(
    () =>
      new IsimClient({
        post: (message, port) => frame.current?.contentWindow?.postMessage(message, origin, [port]),
        onAttention: setNeeded,
      }),
    [origin],
  );

  useEffect(() => {
    onClient(client);
    return () => {
      onClient(undefined);
      client.close();
    };
  }, [client, onClient]);

  useEffect(() => onAttention?.(isNeeded), [isNeeded, onAttention]);

  const isShown = isOpen || isNeeded;
  return (
    <iframe
      ref={frame}
      src={`${origin}/`}
      title="SIM"
      sandbox="allow-scripts allow-same-origin allow-forms"
      referrerPolicy="no-referrer"
      onLoad={() => client.frameLoaded()}
      className={isShown ? 'h-[26.25rem] w-full rounded-2xl border border-line' : 'sr-only'}
      {...(!isShown && { 'aria-hidden': true, 'tabIndex': -1 })}
    />
  );
}
