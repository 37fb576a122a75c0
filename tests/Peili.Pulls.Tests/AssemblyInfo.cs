// Real pulls are timed here, and two cores are few: one cluster at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
