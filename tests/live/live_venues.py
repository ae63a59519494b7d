"""What the live tests have to know of single venues."""

# What a venue lets an account send is so little that several clients have to share it.
COUNTS_BY_ACCOUNT = {"bitexbit", "btex"}
