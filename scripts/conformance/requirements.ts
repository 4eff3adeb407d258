/**
 * All requirements, in the order of the table.
 *
 * @module
 */
import type { Chapter } from './requirement.ts';
import { annexNFailures } from './requirements/annex-n-failures.ts';
import { annexNRegistration } from './requirements/annex-n-registration.ts';
import { annexOManagement } from './requirements/annex-o-management.ts';
import { annexOSetUp } from './requirements/annex-o-set-up.ts';
import { annexP } from './requirements/annex-p.ts';
import { annexU } from './requirements/annex-u.ts';
import { annexW } from './requirements/annex-w.ts';
import { annexX2 } from './requirements/annex-x-2.ts';
import { annexX3 } from './requirements/annex-x-3.ts';
import { annexX4 } from './requirements/annex-x-4.ts';
import { annexX5 } from './requirements/annex-x-5.ts';
import { annexXRequirements } from './requirements/annex-x-requirements.ts';
import { clientChecklists } from './requirements/checklist-clients.ts';
import { coreChecklists } from './requirements/checklist-core.ts';
import { gatewayChecklists } from './requirements/checklist-gateway.ts';
import { hssChecklist } from './requirements/checklist-hss.ts';
import { clause61 } from './requirements/clause-6-1.ts';

export const chapters: readonly Chapter[] = [
  { title: 'Requirements of annex X', requirements: annexXRequirements },
  { title: 'X.2 IMS authentication over W2', requirements: annexX2 },
  { title: 'X.3 Web credentials', requirements: annexX3 },
  { title: 'X.4 Identities of a pool', requirements: annexX4 },
  { title: 'X.5 TURN credentials', requirements: annexX5 },
  { title: '6.1 IMS AKA', requirements: clause61 },
  { title: 'Annex N SIP Digest', requirements: [...annexNRegistration, ...annexNFailures] },
  { title: 'Annex O TLS', requirements: [...annexOSetUp, ...annexOManagement] },
  { title: 'Annex P Coexistence', requirements: annexP },
  { title: 'Annex U Trusted Node Authentication', requirements: annexU },
  { title: 'Annex W Restrictive firewalls', requirements: annexW },
  { title: 'Checklists of WIC, WWSF and WAF', requirements: clientChecklists },
  { title: 'Checklists of eP-CSCF, TURN server and eIMS-AGW', requirements: gatewayChecklists },
  { title: 'Checklists of I-CSCF, S-CSCF and HSS', requirements: [...coreChecklists, ...hssChecklist] },
];
