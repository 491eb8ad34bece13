"""Read this file first: the two tuples that a recording goes through.

HEAR turns sound into turns (slow, keyed by the models); JUDGE turns them into findings, a
draft ticket and QA flags (milliseconds, keyed by the profile). A stage is one function in
pipeline/stages; what it needs and adds is written on it.
"""

from pipeline.stages.abuse import abuse
from pipeline.stages.department import department
from pipeline.stages.entities import entities
from pipeline.stages.intent import intent
from pipeline.stages.knowledge import knowledge
from pipeline.stages.load import load
from pipeline.stages.normalize import normalize
from pipeline.stages.punctuate import punctuate
from pipeline.stages.quality import quality
from pipeline.stages.scope import scope
from pipeline.stages.sentiment import sentiment
from pipeline.stages.settle import settle
from pipeline.stages.speakers import speakers
from pipeline.stages.speech import speech
from pipeline.stages.ticket import ticket
from pipeline.stages.transcribe import transcribe

HEAR = (load, speech, transcribe, speakers, punctuate, normalize)
JUDGE = (
    *(sentiment, abuse, entities, intent, scope, department),
    *(settle, knowledge, ticket, quality),
)
