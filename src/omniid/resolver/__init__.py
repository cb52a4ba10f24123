"""The resolver: records that come and go one by one or by the million, and who is who by them at any moment.

A batch run is a pure function of the records, the model and the decisions. A resolver keeps all three in a store and applies
that function to what a change touches, so that its answer is always that of a batch run over everything:

::

    incoming       what a caller sends → versioned records
    records        which version of a record counts
    assembling     stored records → the tables that the stages take
    classes        how many people use a value; who holds one whose class flips counts as changed
    hashed         what hashes stand for, by all records; whose meaning changes counts as changed
    filing         under which keys a record stands, so that those that may be one person find each other; `postings` keeps the
                   keys in buckets, `bulk_postings` thousands of them at once, `upgrading` makes them of what an earlier omniid
                   wrote
    people         how many people hold one value, by who its records say they are; `popular_values` of values that many hold
    discovering    what a change touches: classes, keys, evidence; `scoring` weighs candidates
    neighborhoods  what nothing ties to a record outside: it can be resolved alone; `placing` says who is who in it
    deriving       the stages of a batch run, on a neighborhood
    naming         the part of the id ledger that it touches
    writing        members, ids, history; `feed` the changes
    updating       all of that for some changed records; `rebuilding` for all records, with `bulk_forms` and `bulk_filing`
    stored_briefs  what comparison reads of a record, as one short text that is quickly read
    light_placing  neighborhoods without tables; for a few records in plain Python: `one_incoming` and `light_reader` read,
                   `light_discovery` files and weighs, `light_partition`, `light_profiles` and `light_naming` say who is who;
                   `light_records` remembers what was asked of their pairs, `light_conflicts` what speaks against sets of them;
                   `bulk_scoring` weighs the pairs of many records at once and `bulk_placing` places them, both on
                   `bulk_records`; `device_placing` gives anonymous records to persons
    exporting      all that is held of a person; `erasing`: leaving nothing of it but `tombstones`
    reading        who is who; `asking` reads identifiers, `looking_up` says whom they name, `candidates` who may be meant,
                   `golden` and `profiles` what is known of them, `history` how it was, `explaining` why
    loading        a batch result in an empty store
    deciding       what people decide; `decided` keeps it, `reviewing` asks them
    reconsidering  another limit, threshold, spec or model: a `proposal`, made in a `trial`, shown as a `difference`, applied
    verifying      everything derived anew and compared

Primary are records with their versions, decisions, models, ids and their history; `shapes` lists all tables of the store.
"""

from omniid.resolver.differences import StoreDifference
from omniid.resolver.erased import Erased
from omniid.resolver.looked_up import Candidate, LookedUp
from omniid.resolver.opening import open  # noqa: A004  # the word that users say: omniid.open
from omniid.resolver.resolver import Resolver
from omniid.resolver.upserted import Upserted
from omniid.resolver.verifying import Rebuilt

__all__ = ["Candidate", "Erased", "LookedUp", "Rebuilt", "Resolver", "StoreDifference", "Upserted", "open"]
