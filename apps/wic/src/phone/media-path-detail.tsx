/**
 * Which way sound and picture of the present call take, at both ends.
 *
 * @module
 */
import type { MediaPath } from '@wicgate/wic-sdk';
import type { ReactNode } from 'react';
import { mediaPathDetails } from '../texts/media-path-text.ts';
import { Detail, Note } from './detail.tsx';

export interface MediaPathDetailProps {
  readonly path: MediaPath;
}

export function MediaPathDetail({ path }: MediaPathDetailProps): ReactNode {
  const { ownEnd, farEnd, note } = mediaPathDetails(path);
  return (
    <Detail name="Media path of this call">
      <span className="wrap-anywhere block">Your end: {ownEnd}</span>
      <span className="wrap-anywhere block">Other end: {farEnd}</span>
      <Note>{note}</Note>
    </Detail>
  );
}
