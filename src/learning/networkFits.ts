import type { Config } from '../protocol/config';
import { configError } from '../protocol/errors';
import { NETWORK_FORMS, type NetworkForm } from '../protocol/networks';

type ImageSize = { readonly height: number; readonly width: number };

/** Checks that the network is for images of that size. @throws LabError naming the networks that are */
export function assertNetworkFits({ network, dataSet }: Pick<Config, 'network' | 'dataSet'>, image: ImageSize): void {
  if (fits(NETWORK_FORMS[network], image)) return;
  const { smallest, largest } = NETWORK_FORMS[network];
  const better = Object.entries(NETWORK_FORMS).flatMap(([name, form]) => (fits(form, image) ? [name] : []));
  const remedy = better.length > 0 ? `set "network" to one of ${better.join(', ')}` : 'use images of another size';
  throw configError(
    `"network" is ${network}, which is for images of ${smallest} to ${largest} pixels a side, but those of ${dataSet} are ${image.height}×${image.width}: ${remedy}.`,
  );
}

const fits = ({ smallest, largest }: NetworkForm, { height, width }: ImageSize): boolean =>
  Math.min(height, width) >= smallest && Math.max(height, width) <= largest;
