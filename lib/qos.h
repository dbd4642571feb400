/*
 * libqos: quality of service for streams of records.
 *
 * The face for programs: records and stages, the classifier, the router, the shaper, the allocator, the sketch.  Each
 * is new, free, a handful of verbs, and counters to read.  The library never prints, never exits, never asks the time
 * and keeps no global state; several of everything can live in one process.
 *
 *   bytes -> reader -> record -> stage (classifier | router | shaper | tally) -> writer -> bytes
 *
 * A program drives a stage as the filters do: push what has arrived, and advance when the stage's `due` says so (see
 * record/stage.h).  It makes records of its own with record/message.h, or reads them with format/reader.h.  Every
 * function is documented in its header; examples/route.c, allocate.c and classify.c are whole programs.
 */
#ifndef QOS_H
#define QOS_H

#include "alloc/allocator.h"
#include "base/err.h"
#include "base/str.h"
#include "classify/classifier.h"
#include "config/config.h"
#include "format/reader.h"
#include "format/writer.h"
#include "record/field.h"
#include "record/message.h"
#include "record/record.h"
#include "record/stage.h"
#include "route/router.h"
#include "shape/shaper.h"
#include "stats/sketch.h"

#endif
